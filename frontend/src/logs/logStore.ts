// The lines of one app's log, as this page has them. Framework-free and bounded: beyond the cap the oldest go.
import type { Stream } from "@/api/types";
import { createStore, type ReadableStore } from "@/state/store";
import { freshState, partialOf, readLines, type ReaderState } from "./lineReader";

export const lineCap = 100_000;

export interface LogLine {
  /** "notice": said by Berth, not by the app. */
  stream: Stream | "notice";
  text: string;
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
  slice(from: number, to: number): readonly LogLine[];
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

export function createLogStore(cap = lineCap): LogStore {
  let lines: LogLine[] = [];
  let start = 0;
  let generation = 0;
  let readers: Record<Stream, ReaderState> = { stdout: { ...freshState }, stderr: { ...freshState } };
  const version = createStore(0);

  function changed() {
    // Trimming in steps keeps an append cheap: cutting an array of 100,000 for every line would not be.
    if (lines.length > cap + cap / 10) {
      const excess = lines.length - cap;
      lines = lines.slice(excess);
      start += excess;
    }
    version.update((n) => n + 1);
  }

  const copy = (from: Record<Stream, ReaderState>) => ({ stdout: { ...from.stdout }, stderr: { ...from.stderr } });

  return {
    version,
    generation: () => generation,
    start: () => start,
    end: () => start + lines.length,
    slice: (from, to) => lines.slice(Math.max(0, from - start), Math.max(0, to - start)),
    partial: (stream) => partialOf(readers[stream]),
    append(stream, text) {
      if (text === "") return;
      for (const line of readLines(readers[stream], text)) lines.push({ stream, text: line });
      changed();
    },
    notice(text) {
      lines.push({ stream: "notice", text });
      changed();
    },
    restart(stream) {
      const rest = partialOf(readers[stream]);
      if (rest !== "") lines.push({ stream, text: rest });
      readers[stream] = { ...freshState };
      changed();
    },
    mark: () => ({ end: start + lines.length, readers: copy(readers) }),
    rollback(mark) {
      lines = lines.slice(0, Math.max(0, mark.end - start));
      readers = copy(mark.readers);
      generation += 1;
      changed();
    },
    clear() {
      start += lines.length;
      lines = [];
      readers = { stdout: { ...freshState }, stderr: { ...freshState } };
      generation += 1;
      changed();
    },
  };
}
