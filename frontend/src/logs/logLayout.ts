// Which rows of a terminal the lines of a log fill, for one filter and one width, without a terminal having them all.
// Rows are numbered on like the store's lines: those that went keep their numbers, so a place in the log stays a place.
import type { Stream } from "@/api/types";
import { rowOfIndex, rowsOf } from "./cells";
import type { LogLine, LogStore } from "./logStore";
import { prefixOf } from "./rendered";

export type StreamFilter = Stream | "both";

export function isShown(stream: LogLine["stream"], filter: StreamFilter): boolean {
  return filter === "both" || stream === filter || stream === "notice";
}

/** How many of the lines from `from` to `to` (exclusive) are shown. */
export function countShown(log: Pick<LogStore, "at">, from: number, to: number, filter: StreamFilter): number {
  let count = 0;
  for (let number = from; number < to; number++) {
    const line = log.at(number);
    if (line !== undefined && isShown(line.stream, filter)) count += 1;
  }
  return count;
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

  constructor(
    private readonly log: LogStore,
    readonly filter: StreamFilter,
    readonly columns: number,
  ) {
    this.taken = log.start();
  }

  /** Takes in the store's lines up to `to` (exclusive), and lets go of those that the store no longer has. */
  take(to: number): void {
    for (this.taken = Math.max(this.taken, this.log.start()); this.taken < to; this.taken++) {
      const line = this.log.at(this.taken);
      if (line === undefined || !isShown(line.stream, this.filter)) continue;
      this.lines.push(this.taken);
      this.rows.push(this.end);
      this.end += rowsOf(line, prefixOf(line, this.filter === "both").cells, this.columns);
    }
    while (this.head < this.lines.length && (this.lines[this.head] ?? 0) < this.log.start()) this.head += 1;
    // Cutting the arrays for every line that goes would cost more than to keep them a while.
    if (this.head > 4_096 && this.head > this.lines.length / 2) {
      this.lines = this.lines.slice(this.head);
      this.rows = this.rows.slice(this.head);
      this.head = 0;
    }
  }

  firstRow(): number {
    return this.rows[this.head] ?? this.end;
  }

  /** After the last row. */
  endRow(): number {
    return this.end;
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

  /** The row in which a character of a line stands, or null if the line is not shown. */
  rowOfIndex(line: number, index: number): number | null {
    const row = this.rowOfLine(line);
    const found = this.log.at(line);
    if (row === null || found === undefined) return null;
    return row + rowOfIndex(found.plain, index, prefixOf(found, this.filter === "both").cells, this.columns);
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
