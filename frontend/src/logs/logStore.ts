// The lines of one app's log, or of several apps' mixed in the order they came, as this page has them. Framework-free
// and bounded: beyond the caps the oldest go.
import type { Stream } from "@/api/types";
import { createStore, type ReadableStore } from "@/state/store";
import { byteLength } from "./bytes";
import { levelOf, type Level } from "./levels";
import { freshState, partialOf, readLines, type ReadLine, type ReaderState } from "./lineReader";

export const lineCap = 100_000;
/** Of the text of all lines: with long lines, fewer than the cap are kept. */
export const characterCap = 32_000_000;

export interface LogLine {
  /** Whose it is: a number that the view gave the app. */
  source: number;
  /** "notice": said by Berth, not by the app. */
  stream: Stream | "notice";
  /** With its styles. */
  text: string;
  /** Without. */
  plain: string;
  /** When this page saw it end, ms since 1970; null: it was written before, and nobody knows when. */
  at: number | null;
  /** The byte of the stream's file in which it begins; null where that is not known. */
  from: number | null;
  level: Level | null;
  /** It is the first of a run that began then, ms since 1970. */
  begins: number | null;
}

/** When a piece was seen and where it stands in its file; see LogLine. */
export interface Origin {
  at: number | null;
  from: number | null;
}

/** A start of an app: when, and from which bytes of its files on; null where that is not known. */
export interface Start {
  at: number;
  from: Readonly<Record<Stream, number | null>> | null;
}

interface Reader {
  state: ReaderState;
  /** The byte in which the line under way begins. */
  from: number | null;
}
type Readers = Record<Stream, Reader>;

/** A point to return to: see `rollback`. */
export interface Mark {
  end: number;
  readers: Readers;
}

/** One app's part of a store. */
export interface LogSource {
  append(stream: Stream, text: string, origin?: Origin): void;
  /** Whole lines that come before all others, oldest first. */
  prepend(pieces: readonly { stream: Stream; text: string; from: number | null }[]): void;
  notice(text: string): void;
  /** The stream's file began anew: a line under way will not be finished. */
  restart(stream: Stream): void;
  /** The app was started: the first line since then begins a run. */
  started(start: Start): void;
  mark(): Mark;
  /** Takes back everything of this app since the mark. */
  rollback(mark: Mark): void;
  clear(): void;
}

/** By itself it is the part of the first app. */
export interface LogStore extends LogSource {
  /** Counts changes. */
  version: ReadableStore<number>;
  /** Counts the times that lines already given became others: whoever shows them must begin again. */
  generation(): number;
  /** Lines are numbered from 0, what is older below that: those from `start` to `end` (exclusive) are here. */
  start(): number;
  end(): number;
  at(number: number): LogLine | undefined;
  partial(stream: Stream, source?: number): string;
  source(number: number): LogSource;
  /** The newest start that was told of. */
  lastStart(source: number): Start | null;
  /** Lines of each level among those that are here. */
  counts(): Readonly<Record<Level, number>>;
  /** More older lines would push out as many newer ones. */
  full(): boolean;
}

const streams: readonly Stream[] = ["stdout", "stderr"];
const unknown: Origin = { at: null, from: null };
const freshReaders = (): Readers => ({
  stdout: { state: { ...freshState }, from: null },
  stderr: { state: { ...freshState }, from: null },
});
const copyOf = ({ state, from }: Reader): Reader => ({ state: { ...state }, from });

/** Whether a line is of the run that began so; a line of which nobody knows is taken to be. */
export function isSince(line: LogLine, start: Start): boolean {
  if (line.at !== null) return line.at >= start.at;
  const from = line.stream === "notice" ? null : (start.from?.[line.stream] ?? null);
  return from === null || line.from === null || line.from >= from;
}

/** Lines without an end yet, of the first `sources` apps. */
export function unended(log: Pick<LogStore, "partial">, sources: number, filter: Stream | "both"): LogLine[] {
  const found: LogLine[] = [];
  for (let source = 0; source < sources; source++) {
    for (const stream of streams) {
      const text = filter === "both" || filter === stream ? log.partial(stream, source) : "";
      const plain = text.replace(/\x1b\[[\d;]*m/g, "");
      if (text !== "") found.push({ source, stream, text, plain, ...unknown, level: null, begins: null });
    }
  }
  return found;
}

/** The line of a stream that holds this byte of its file; null if it is older than all. */
export function lineAt(log: Pick<LogStore, "at" | "start" | "end">, stream: Stream, byte: number): number | null {
  let found: number | null = null;
  for (let number = log.start(); number < log.end(); number++) {
    const line = log.at(number);
    if (line?.stream !== stream || line.from === null) continue;
    if (line.from > byte) break;
    found = number;
  }
  return found;
}

export function createLogStore(cap = lineCap, characters = characterCap): LogStore {
  let lines: LogLine[] = [];
  let start = 0;
  let size = 0;
  let generation = 0;
  const counts: Record<Level, number> = { error: 0, warn: 0, info: 0, debug: 0 };
  const readers = new Map<number, Readers>();
  const starts = new Map<number, Start>();
  /** Starts after which nothing came yet. */
  const pending = new Map<number, number>();
  const version = createStore(0);

  function readersOf(source: number): Readers {
    const found = readers.get(source) ?? freshReaders();
    readers.set(source, found);
    return found;
  }

  function count(line: LogLine, by: 1 | -1) {
    size += by * line.text.length;
    if (line.level !== null) counts[line.level] += by;
  }

  function push(line: LogLine) {
    if (line.stream !== "notice" && pending.size > 0) {
      line.begins = pending.get(line.source) ?? null;
      pending.delete(line.source);
    }
    lines.push(line);
    count(line, 1);
  }

  function drop(number: number) {
    for (let i = 0; i < number; i++) if (lines[i] !== undefined) count(lines[i] as LogLine, -1);
    lines = lines.slice(number);
    start += number;
  }

  /** How many of the oldest lines are too many. Trimming in steps keeps an append cheap. */
  function excess(): number {
    if (lines.length <= cap + cap / 10 && size <= characters * 1.1) return 0;
    let number = Math.max(0, lines.length - cap);
    let left = size;
    for (let i = 0; i < lines.length && (i < number || left > characters); i++) {
      left -= lines[i]?.text.length ?? 0;
      number = Math.max(number, i + 1);
    }
    return number;
  }

  function changed() {
    const number = excess();
    if (number > 0) drop(number);
    version.update((n) => n + 1);
  }

  /** Those that stay, when others were taken out from among them. */
  function keep(left: LogLine[]) {
    lines = left;
    size = 0;
    for (const level of Object.keys(counts)) counts[level as Level] = 0;
    for (const line of lines) count(line, 1);
    generation += 1;
  }

  function lineOf(source: number, stream: Stream, { text, plain }: ReadLine, origin: Origin): LogLine {
    return { source, stream, text, plain, ...origin, level: levelOf(plain), begins: null };
  }

  /** The lines that a piece completes. */
  function read(source: number, stream: Stream, reader: Reader, text: string, { at, from }: Origin): LogLine[] {
    let done = 0;
    let place = from;
    const bytes = byteLength(text);
    if (reader.state.plain === "" && !reader.state.returned) reader.from = from;
    const found = readLines(reader.state, text).map((line) => {
      const made = lineOf(source, stream, line, { at, from: reader.from });
      if (place !== null) place += bytes(done, line.end);
      reader.from = place;
      done = line.end;
      return made;
    });
    return found;
  }

  /** The first line of each stream that is of the run, where one came before and was written already. */
  function mark(source: number, begun: Start) {
    let found = false;
    for (const stream of streams) {
      let first: LogLine | null = null;
      let before = false;
      for (let i = lines.length - 1; i >= 0; i--) {
        const line = lines[i];
        if (line?.source !== source || line.stream !== stream) continue;
        const known = line.at !== null || (line.from !== null && (begun.from?.[stream] ?? null) !== null);
        if (!known || !isSince(line, begun)) {
          before = known;
          break;
        }
        first = line;
      }
      if (first !== null && (before || first.from === begun.from?.[stream] || first.at !== null)) {
        first.begins = begun.at;
        found = true;
      }
    }
    if (found) generation += 1;
    return found;
  }

  function sourceOf(source: number): LogSource {
    return {
      append(stream, text, origin = unknown) {
        if (text === "") return;
        for (const line of read(source, stream, readersOf(source)[stream], text, origin)) push(line);
        changed();
      },
      prepend(pieces) {
        const older = pieces.flatMap(({ stream, text, from }) =>
          read(source, stream, { state: { ...freshState }, from }, text, { at: null, from }),
        );
        for (const line of older) count(line, 1);
        lines = [...older, ...lines];
        start -= older.length;
        generation += 1;
        const begun = starts.get(source);
        if (begun !== undefined && lines.every((line) => line.begins !== begun.at)) mark(source, begun);
        changed();
      },
      notice(text) {
        push({ source, stream: "notice", text, plain: text, ...unknown, level: null, begins: null });
        changed();
      },
      restart(stream) {
        const reader = readersOf(source)[stream];
        if (partialOf(reader.state) !== "") for (const line of read(source, stream, reader, "\n", unknown)) push(line);
        readersOf(source)[stream] = { state: { ...freshState }, from: null };
        changed();
      },
      started(begun) {
        if ((starts.get(source)?.at ?? 0) > begun.at) return;
        starts.set(source, begun);
        // Told of again, with its place in the files: it may be marked already.
        if (lines.some((line) => line.source === source && line.begins === begun.at)) return;
        if (mark(source, begun)) pending.delete(source);
        else if (begun.from === null) pending.set(source, begun.at);
        changed();
      },
      mark() {
        const { stdout, stderr } = readersOf(source);
        return { end: start + lines.length, readers: { stdout: copyOf(stdout), stderr: copyOf(stderr) } };
      },
      rollback(to) {
        keep(lines.filter((line, i) => line.source !== source || start + i < to.end));
        readers.set(source, { stdout: copyOf(to.readers.stdout), stderr: copyOf(to.readers.stderr) });
        changed();
      },
      clear() {
        const before = lines.length;
        keep(lines.filter((line) => line.source !== source));
        start += before - lines.length;
        readers.set(source, freshReaders());
        changed();
      },
    };
  }

  return {
    ...sourceOf(0),
    version,
    generation: () => generation,
    start: () => start,
    end: () => start + lines.length,
    at: (number) => lines[number - start],
    partial: (stream, source = 0) => partialOf(readersOf(source)[stream].state),
    source: sourceOf,
    lastStart: (source) => starts.get(source) ?? null,
    counts: () => counts,
    full: () => lines.length >= cap || size >= characters,
  };
}
