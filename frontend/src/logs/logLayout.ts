// Which rows the shown lines of a log fill, without any of them being drawn. Rows are numbered on like the store's
// lines: those that went keep their numbers, so a place in the log stays a place.
import type { Stream } from "@/api/types";
import type { Level } from "./levels";
import { isSince, type LogLine, type LogStore } from "./logStore";
import { lookAhead, type Matcher } from "./matcher";

export type StreamFilter = Stream | "both";

/** Which lines are shown. */
export interface Filter {
  stream: StreamFilter;
  level: Level | null;
  /** Lines before this one were cleared away. */
  from: number;
  /** Only what came since the last start of the line's app. */
  sinceStart: boolean;
  /** Only lines with a match of the search, or all but those. */
  matching: "all" | "only" | "but";
  /** Of the search; null: there is none. */
  matcher: Matcher | null;
}

export const everyLine: Filter = {
  stream: "both",
  level: null,
  from: -Infinity,
  sinceStart: false,
  matching: "all",
  matcher: null,
};

/** Undefined: that is not known yet. */
export function isShown(
  line: LogLine,
  number: number,
  filter: Filter,
  log: Pick<LogStore, "lastStart">,
): boolean | undefined {
  if (number < filter.from) return false;
  const narrowed = filter.level !== null || (filter.matching !== "all" && filter.matcher !== null);
  if (line.stream === "notice" ? narrowed : filter.stream !== "both" && line.stream !== filter.stream) return false;
  if (filter.level !== null && line.level !== filter.level) return false;
  if (filter.sinceStart) {
    const start = log.lastStart(line.source);
    if (start !== null && !isSince(line, start)) return false;
  }
  if (filter.matching === "all" || filter.matcher === null || line.stream === "notice") return true;
  const found = filter.matcher.in(line);
  return found === undefined ? undefined : found.length > 0 === (filter.matching === "only");
}

/** Where a line is. */
export interface Placed {
  line: number;
  firstRow: number;
}

export class LogLayout {
  /** The shown lines' numbers, ascending, and the first row of each; those before `head` are gone. */
  private lines: number[] = [];
  private rows: number[] = [];
  private head = 0;
  private taken: number;
  private end = 0;

  /** `rowsOf`: how many rows a line fills. */
  constructor(
    private readonly log: Pick<LogStore, "at" | "start">,
    private readonly shows: (line: LogLine, number: number) => boolean | undefined,
    private readonly rowsOf: (line: LogLine, number: number) => number,
  ) {
    this.taken = log.start();
  }

  /**
   * Takes in the store's lines up to `to` (exclusive), or to the first of which it is not known whether it is shown, and
   * lets go of those that the store no longer has.
   */
  take(to: number): void {
    for (this.taken = Math.max(this.taken, this.log.start()); this.taken < to; this.taken++) {
      const line = this.log.at(this.taken);
      const shown = line !== undefined && this.shows(line, this.taken);
      if (shown === undefined) {
        this.ask(Math.min(to, this.taken + lookAhead));
        break;
      }
      if (line === undefined || !shown) continue;
      this.lines.push(this.taken);
      this.rows.push(this.end);
      this.end += this.rowsOf(line, this.taken);
    }
    while (this.head < this.lines.length && (this.lines[this.head] ?? 0) < this.log.start()) this.head += 1;
    // Cutting the arrays for every line that goes would cost more than to keep them a while.
    if (this.head > 4_096 && this.head > this.lines.length / 2) {
      this.lines = this.lines.slice(this.head);
      this.rows = this.rows.slice(this.head);
      this.head = 0;
    }
  }

  /** They will be wanted next. */
  private ask(to: number): void {
    for (let number = this.taken; number < to; number++) {
      const line = this.log.at(number);
      if (line !== undefined) this.shows(line, number);
    }
  }

  firstRow(): number {
    return this.rows[this.head] ?? this.end;
  }

  /** After the last row. */
  endRow(): number {
    return this.end;
  }

  /** How many lines are shown. */
  count(): number {
    return this.lines.length - this.head;
  }

  /** The lines that have rows in `from` to `to` (exclusive), whole. */
  placed(from: number, to: number): Placed[] {
    const found: Placed[] = [];
    for (let i = lastUpTo(this.rows, from, this.head); i < this.rows.length; i++) {
      const firstRow = this.rows[i] ?? 0;
      if (firstRow >= to) break;
      found.push({ line: this.lines[i] ?? 0, firstRow });
    }
    return found;
  }

  /** The first row of a line, or null if it is not shown. */
  rowOfLine(line: number): number | null {
    const i = lastUpTo(this.lines, line, this.head);
    return this.lines[i] === line ? (this.rows[i] ?? null) : null;
  }

  /** The first row of this line or of the next one that is shown; null after the last. */
  rowFrom(line: number): number | null {
    const i = lastUpTo(this.lines, line, this.head);
    return (this.lines[i] ?? line) >= line ? (this.rows[i] ?? null) : (this.rows[i + 1] ?? null);
  }

  /** The shown line that is `by` lines further on. */
  beside(line: number, by: number): number | null {
    const i = lastUpTo(this.lines, line, this.head) + by;
    return i < this.head ? (this.lines[this.head] ?? null) : (this.lines[Math.min(i, this.lines.length - 1)] ?? null);
  }

  /** The shown lines from one to another, both included. */
  linesBetween(from: number, to: number): number[] {
    const found: number[] = [];
    for (let i = lastUpTo(this.lines, from, this.head); i < this.lines.length; i++) {
      const line = this.lines[i] ?? 0;
      if (line > to) break;
      if (line >= from) found.push(line);
    }
    return found;
  }
}

/** The index of the last value that is not over `wanted`, at least `from`. */
export function lastUpTo(values: readonly number[], wanted: number, from = 0): number {
  let low = from;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
