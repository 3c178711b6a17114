// The lines of one app's log, as this page has them. Framework-free and bounded: beyond the caps the oldest go.
import type { Stream } from "@/api/types";
import { createStore, type ReadableStore } from "@/state/store";
import { cellsOf } from "./cells";
import { freshState, partialOf, readLines, type ReaderState } from "./lineReader";

export const lineCap = 100_000;
/** Of the text of all lines: with long lines, fewer than the cap are kept. */
export const characterCap = 32_000_000;

export interface LogLine {
  /** "notice": said by Berth, not by the app. */
  stream: Stream | "notice";
  /** With its styles. */
  text: string;
  /** Without. */
  plain: string;
  /** How many cells of a terminal it takes. */
  cells: number;
}

/** A point to return to: see `rollback`. */
export interface Mark {
  end: number;
  readers: Record<Stream, ReaderState>;
}

export interface LogStore {
  /** Counts changes. */
  version: ReadableStore<number>;
  /** Counts the times that lines already given were taken back: whoever shows them must begin again. */
  generation(): number;
  /** Lines are numbered from 0 for as long as the store lives: those from `start` to `end` (exclusive) are here. */
  start(): number;
  end(): number;
  at(number: number): LogLine | undefined;
  partial(stream: Stream): string;
  append(stream: Stream, text: string): void;
  notice(text: string): void;
  /** The stream's file began anew: a line under way will not be finished. */
  restart(stream: Stream): void;
  mark(): Mark;
  /** Takes back everything since the mark. */
  rollback(mark: Mark): void;
  clear(): void;
}

export function createLogStore(cap = lineCap, characters = characterCap): LogStore {
  let lines: LogLine[] = [];
  let start = 0;
  let size = 0;
  let generation = 0;
  let readers: Record<Stream, ReaderState> = { stdout: { ...freshState }, stderr: { ...freshState } };
  const version = createStore(0);

  function push(stream: LogLine["stream"], text: string, plain: string) {
    lines.push({ stream, text, plain, cells: cellsOf(plain) });
    size += text.length;
  }

  function drop(count: number) {
    for (const line of lines.slice(0, count)) size -= line.text.length;
    lines = lines.slice(count);
    start += count;
  }

  /** How many of the oldest lines are too many. Trimming in steps keeps an append cheap. */
  function excess(): number {
    if (lines.length <= cap + cap / 10 && size <= characters * 1.1) return 0;
    let count = Math.max(0, lines.length - cap);
    let left = size;
    for (let i = 0; i < lines.length && (i < count || left > characters); i++) {
      left -= lines[i]?.text.length ?? 0;
      count = Math.max(count, i + 1);
    }
    return count;
  }

  function changed() {
    const count = excess();
    if (count > 0) drop(count);
    version.update((n) => n + 1);
  }

  const copy = (from: Record<Stream, ReaderState>) => ({ stdout: { ...from.stdout }, stderr: { ...from.stderr } });

  return {
    version,
    generation: () => generation,
    start: () => start,
    end: () => start + lines.length,
    at: (number) => lines[number - start],
    partial: (stream) => partialOf(readers[stream]),
    append(stream, text) {
      if (text === "") return;
      for (const line of readLines(readers[stream], text)) push(stream, line.text, line.plain);
      changed();
    },
    notice(text) {
      push("notice", text, text);
      changed();
    },
    restart(stream) {
      if (partialOf(readers[stream]) !== "")
        for (const line of readLines(readers[stream], "\n")) push(stream, line.text, line.plain);
      readers[stream] = { ...freshState };
      changed();
    },
    mark: () => ({ end: start + lines.length, readers: copy(readers) }),
    rollback(mark) {
      lines = lines.slice(0, Math.max(0, mark.end - start));
      size = lines.reduce((sum, line) => sum + line.text.length, 0);
      readers = copy(mark.readers);
      generation += 1;
      changed();
    },
    clear() {
      start += lines.length;
      lines = [];
      size = 0;
      readers = { stdout: { ...freshState }, stderr: { ...freshState } };
      generation += 1;
      changed();
    },
  };
}
