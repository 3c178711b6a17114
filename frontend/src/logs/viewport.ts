// Where the view of a log is: the rows that its lines fill, the first of them in view, and how many there are. Rows are
// numbered as in LogLayout; lines are taken in up to a limit, below which stand those that have no end yet, a row each.
import { breaksOf, cellsOf, rowsOf } from "./cells";
import { foldOf } from "./json";
import { LogLayout } from "./logLayout";
import type { LogLine, LogStore } from "./logStore";
import type { Match } from "./logSearch";

/** Rows drawn on either side of the view, and by how many the drawn part moves at once. */
const margin = 24;
const step = 12;

/** A line with where it stands: from the first row that is here. */
export interface PlacedLine {
  number: number;
  line: LogLine;
  row: number;
  rows: number;
}

export class Viewport {
  /** The first row in view; a part of it may be above. */
  top = 0;
  /** Lines before this one are shown. */
  limit: number;
  private layout: LogLayout;
  private columns = 80;
  private rows = 1;
  private wrap = true;
  /** The cells of the longest line, where lines are not broken. */
  private widest = 0;
  private tail: readonly LogLine[] = [];
  private readonly folds = new Map<number, string>();

  constructor(
    private readonly log: Pick<LogStore, "at" | "start" | "end">,
    private readonly shows: (line: LogLine, number: number) => boolean | undefined,
  ) {
    this.limit = log.start();
    this.layout = this.newLayout();
  }

  /** False if that is what it was. */
  resize(columns: number, rows: number, wrap: boolean): boolean {
    if (columns === this.columns && rows === this.rows && wrap === this.wrap) return false;
    const others = wrap !== this.wrap || (wrap && columns !== this.columns);
    Object.assign(this, { columns, rows, wrap });
    if (others) this.relay();
    return true;
  }

  /** Takes in the lines up to the limit; while `following`, the last of them is in view. */
  take(following: boolean): void {
    this.layout.take(this.limit);
    this.top = following ? this.bottom() : this.within(this.top);
  }

  setTail(tail: readonly LogLine[]): void {
    this.tail = tail;
  }

  /** Other lines are shown. */
  refill(): void {
    this.layout = this.newLayout();
  }

  /** Lays all out anew, with the line at the top of the view where it was. */
  relay(): void {
    const [placed] = this.layout.placed(this.top, this.top + 1);
    const above = placed === undefined ? 0 : this.top - placed.firstRow;
    this.layout = this.newLayout();
    this.layout.take(this.limit);
    const row = placed === undefined ? null : this.layout.rowFrom(placed.line);
    this.top = this.within((row ?? this.bottom()) + above);
  }

  /** Lines became others. */
  retake(): void {
    this.limit = Math.min(Math.max(this.limit, this.log.start()), this.log.end());
    for (const number of this.folds.keys()) if (this.log.at(number) === undefined) this.folds.delete(number);
    this.relay();
  }

  /** Folds the JSON in a line open, or shut. */
  toggleFold(number: number): void {
    const line = this.log.at(number);
    if (!this.folds.delete(number)) {
      const fold = line === undefined ? null : foldOf(line.plain);
      if (fold === null) return;
      this.folds.set(number, fold.text);
    }
    this.relay();
  }

  foldOf(number: number): string | null {
    return this.folds.get(number) ?? null;
  }

  firstRow(): number {
    return this.layout.firstRow();
  }

  bottom(): number {
    return Math.max(this.layout.firstRow(), this.layout.endRow() + this.tail.length - this.rows);
  }

  within(row: number): number {
    return Math.min(Math.max(row, this.layout.firstRow()), this.bottom());
  }

  page(): number {
    return Math.max(1, this.rows - 1);
  }

  /** Rows from the first that is here, and rows in all; cells. */
  place(): { top: number; total: number; widest: number } {
    const first = this.layout.firstRow();
    return { top: this.top - first, total: this.layout.endRow() + this.tail.length - first, widest: this.widest };
  }

  /** The lines to draw, and `also` these, if they are shown. */
  lines(also: readonly number[]): PlacedLine[] {
    const { layout } = this;
    const from = Math.floor((this.top - margin) / step) * step;
    const to = Math.ceil((this.top + this.rows + margin) / step) * step;
    const placed = new Map(layout.placed(from, to).map(({ line, firstRow }) => [line, firstRow]));
    for (const number of also) {
      const row = layout.rowOfLine(number);
      if (row !== null) placed.set(number, row);
    }
    const first = layout.firstRow();
    const found: PlacedLine[] = [];
    for (const [number, row] of [...placed].sort(([a], [b]) => a - b)) {
      const line = this.log.at(number);
      if (line !== undefined) found.push({ number, line, row: row - first, rows: this.rowsOf(line, number) });
    }
    if (to <= layout.endRow()) return found;
    const tail = this.unended().map(({ number, line }, i) => ({
      number,
      line,
      row: layout.endRow() + i - first,
      rows: 1,
    }));
    return [...found, ...tail];
  }

  /** The lines without an end, numbered on. */
  unended(): { number: number; line: LogLine }[] {
    return this.tail.map((line, i) => ({ number: this.limit + i, line }));
  }

  /** The shown lines from one to another, both included, of those that have an end. */
  linesBetween(from: number, to: number): number[] {
    return this.layout.linesBetween(from, to);
  }

  /** The shown line that is `by` lines further on. */
  beside(line: number, by: number): number | null {
    return this.layout.beside(line, by);
  }

  /** The numbers of the first and the last line in view. */
  linesInView(): { first: number; last: number } {
    const placed = this.layout.placed(this.top, this.top + this.rows);
    return { first: placed[0]?.line ?? 0, last: placed.at(-1)?.line ?? 0 };
  }

  isInView(match: Match): boolean {
    const row = this.rowOf(match);
    return row !== null && row >= this.top - 0.5 && row + 1 <= this.top + this.rows + 0.5;
  }

  /** The top from which the match is in the middle of the view; null if its line is not shown. */
  topFor(match: Match): number | null {
    const row = this.rowOf(match);
    return row === null ? null : this.within(row - Math.floor(this.rows / 2));
  }

  /** The nearest top from which the line's first row is in view, with a row around it. */
  topNear(number: number): number | null {
    const row = this.layout.rowOfLine(number);
    return row === null ? null : this.within(Math.min(Math.max(this.top, row - this.rows + 2), row - 1));
  }

  /** The row in which a character of a line stands. */
  private rowOf({ line: number, at }: Match): number | null {
    const row = this.layout.rowOfLine(number);
    const line = this.log.at(number);
    if (row === null || line === undefined) return null;
    const breaks = this.wrap ? breaksOf(line.plain, this.columns) : [0];
    return (
      row +
      (line.begins === null ? 0 : 1) +
      Math.max(
        0,
        breaks.findLastIndex((begin) => begin <= at),
      )
    );
  }

  private newLayout(): LogLayout {
    this.widest = 0;
    return new LogLayout(
      this.log,
      (line, number) => this.shows(line, number),
      (line, number) => this.rowsOf(line, number),
    );
  }

  /** A divider takes a row of its own; so does each line of what is folded open. */
  private rowsOf(line: LogLine, number: number): number {
    const divider = line.begins === null ? 0 : 1;
    const fold = this.folds.get(number);
    if (!this.wrap) {
      this.widest = Math.max(this.widest, cellsOf(line.plain));
      return divider + 1 + (fold === undefined ? 0 : fold.split("\n").length);
    }
    const folded = fold === undefined ? 0 : fold.split("\n").reduce((sum, one) => sum + rowsOf(one, this.columns), 0);
    return divider + rowsOf(line.plain, this.columns) + folded;
  }
}
