// What is in view of a log, and where: following and pausing, the filter, the search, the chosen line. The store is the
// truth; while paused, what has come since is held back, so that the view, its search and its length stay as they are.
// It draws nothing: LogLines.tsx shows the rows that it names, and tells it of scrolling and of its size.
import type { Stream } from "@/api/types";
import { createStore, type Store } from "@/state/store";
import { cellsOf, rowsOf } from "./cells";
import { foldOf } from "./json";
import type { Level } from "./levels";
import { LogFinder, type Direction } from "./logFinder";
import { everyLine, isShown, LogLayout, type Filter, type StreamFilter } from "./logLayout";
import { patternOf, type Match, type Query } from "./logSearch";
import { lineAt, unended, type LogLine, type LogStore } from "./logStore";
import { initialState, withTold, type ModelState, type ShownLine } from "./modelState";
import { textBetween, type Place } from "./selectionText";

/** How long a frame's share of searching may take, in ms: the rest is for drawing. */
const searchBudget = 6;
/** Rows drawn on either side of the view, and by how many the drawn part moves at once. */
const margin = 24;
const step = 12;

export class LogModel {
  readonly state: Store<ModelState> = createStore<ModelState>(initialState);
  /** Counts the times that what is to be drawn has changed. */
  readonly drawn: Store<number> = createStore(0);
  private readonly finder: LogFinder;
  private readonly unsubscribe: () => void;
  private layout: LogLayout;
  private filter: Filter = everyLine;
  private columns = 80;
  private rows = 1;
  private wrap = true;
  private widest = 0;
  private generation: number;
  /** Lines before this one are shown. */
  private limit: number;
  /** Lines before this one are counted, as shown or unseen. */
  private counted: number;
  /** The lines that have not ended yet, at the bottom: a row each. */
  private tail: LogLine[] = [];
  /** The first row in view; a part of it may be above. */
  private top = 0;
  private readonly unfolded = new Map<number, string>();
  /** The mouse is drawing a selection: nothing moves under it. */
  private held = false;
  private frame = 0;

  constructor(
    readonly log: LogStore,
    private readonly sources: number,
  ) {
    this.layout = this.newLayout();
    this.generation = log.generation();
    this.limit = log.start();
    this.counted = this.limit;
    this.finder = new LogFinder(log, {
      limit: () => this.limit,
      shows: (line, number) => this.shows(line, number),
      linesInView: () => this.linesInView(),
      isInView: (match) => this.isInView(match),
      reveal: (match) => this.reveal(match),
      marked: () => this.schedule(),
    });
    this.unsubscribe = log.version.subscribe(() => this.schedule());
    this.schedule();
  }

  dispose(): void {
    this.unsubscribe();
    cancelAnimationFrame(this.frame);
    this.frame = -1;
  }

  /** The window: how many cells wide, how many rows high; both at least 1. */
  resize(columns: number, rows: number, wrap: boolean): void {
    if (columns === this.columns && rows === this.rows && wrap === this.wrap) return;
    const relaid = (this.wrap !== wrap || columns !== this.columns) && (wrap || this.wrap !== wrap);
    Object.assign(this, { columns, rows, wrap });
    if (relaid) this.relay();
    this.drawNow();
  }

  setStream(stream: StreamFilter): void {
    this.refilter({ stream });
  }

  setLevel(level: Level | null): void {
    this.refilter({ level });
  }

  setMatching(matching: Filter["matching"]): void {
    this.refilter({ matching });
  }

  setSinceStart(sinceStart: boolean): void {
    this.refilter({ sinceStart });
  }

  /** Hides all that is here now, or shows it again. */
  setCleared(cleared: boolean): void {
    this.state.update((s) => ({ ...s, cleared }));
    this.filter = { ...this.filter, from: cleared ? this.log.end() : -Infinity };
    this.refilter({});
  }

  pause(): void {
    this.state.update((s) => ({ ...s, paused: "button" }));
  }

  follow(): void {
    this.goOn();
    // At once: a scroll that is still under way (a fling, a smooth wheel) would count as scrolling away again.
    this.drawNow();
  }

  find(query: Query, direction: Direction): void {
    const { query: before, matching } = this.state.get();
    this.state.update((s) => ({ ...s, query }));
    if (matching !== "all" && (before.text !== query.text || before.regex !== query.regex)) this.refilter({});
    this.finder.find(query, direction);
    this.schedule();
  }

  scroll(rows: number): void {
    this.scrolled(this.within(this.top + rows));
  }

  scrollPages(pages: number): void {
    this.scroll(pages * (this.rows - 1));
  }

  scrollToTop(): void {
    this.scrolled(this.layout.firstRow());
  }

  /** Somebody scrolled so far, in rows from the first that is here. */
  scrolledTo(row: number): void {
    this.scrolled(this.within(this.layout.firstRow() + row));
  }

  /** While it is held, nothing moves. */
  hold(held: boolean): void {
    this.held = held;
    if (!held) this.schedule();
  }

  choose(number: number | null): void {
    this.state.update((s) => (s.chosen === number ? s : { ...s, chosen: number }));
  }

  /** The next line or the one before, from the chosen one, else from the middle of the view. */
  chooseBeside(by: 1 | -1): void {
    const { chosen } = this.state.get();
    const { first, last } = this.linesInView();
    const found = this.layout.beside(chosen ?? (by > 0 ? first : last), chosen === null ? 0 : by);
    if (found === null) return;
    this.choose(found);
    this.revealLine(found, false);
  }

  /** What copying a line is about: the chosen one, else that of the active match. */
  subject(): { number: number; line: LogLine } | null {
    const number = this.state.get().chosen ?? this.finder.activeLine();
    const line = number === null ? undefined : this.log.at(number);
    return number === null || line === undefined ? null : { number, line };
  }

  /** Shows the line of a stream that holds a byte of its file; false if it is not here. */
  goTo(stream: Stream, byte: number): boolean {
    const found = lineAt(this.log, stream, byte);
    if (found === null) return false;
    this.limit = Math.max(this.limit, found + 1);
    this.layout.take(this.limit);
    this.choose(found);
    this.revealLine(found, true);
    return true;
  }

  /** Folds the JSON in a line open, or shut. */
  toggleFold(number: number): void {
    const line = this.log.at(number);
    if (!this.unfolded.delete(number)) {
      const fold = line === undefined ? null : foldOf(line.plain);
      if (fold === null) return;
      this.unfolded.set(number, fold.text);
    }
    this.relay();
    this.schedule();
  }

  isUnfolded(number: number): boolean {
    return this.unfolded.has(number);
  }

  /** All that is shown, as the apps wrote it. */
  text(): string {
    return this.copied({ line: -Infinity, at: 0 }, { line: Infinity, at: 0 });
  }

  /** What lies between two places, as the apps wrote it. */
  copied(from: Place, to: Place): string {
    return textBetween(
      this.layout.linesBetween(from.line, to.line),
      (number) => this.log.at(number),
      this.unendedBetween(from, to),
      from,
      to,
    );
  }

  /** The first and the last line that are shown. */
  ends(): { first: number; last: number } | null {
    const lines = this.layout.linesBetween(-Infinity, Infinity);
    const [first] = lines;
    return first === undefined ? null : { first, last: lines.at(-1) ?? first };
  }

  /** Where the view is: rows from the first that is here, and rows in all. */
  place(): { top: number; total: number; widest: number; columns: number; wrap: boolean } {
    const total = this.end() - this.layout.firstRow();
    return {
      top: this.top - this.layout.firstRow(),
      total,
      widest: this.widest,
      columns: this.columns,
      wrap: this.wrap,
    };
  }

  /** The lines to draw, and `also` these: a selection may begin or end in them. */
  lines(also: readonly number[]): ShownLine[] {
    const { layout } = this;
    const from = Math.floor((this.top - margin) / step) * step;
    const to = Math.ceil((this.top + this.rows + margin) / step) * step;
    const placed = new Map(layout.placed(from, to).map(({ line, firstRow }) => [line, firstRow]));
    for (const number of also) {
      const row = layout.rowOfLine(number);
      if (row !== null) placed.set(number, row);
    }
    const shown = [...placed].sort(([a], [b]) => a - b).flatMap(([number, row]) => this.shown(number, row) ?? []);
    if (to > layout.endRow()) {
      for (const [i, line] of this.tail.entries()) {
        const row = layout.endRow() + i - layout.firstRow();
        shown.push({ number: this.limit + i, line, row, rows: 1, marks: [], fold: null });
      }
    }
    return shown;
  }

  private shown(number: number, row: number): ShownLine | null {
    const line = this.log.at(number);
    if (line === undefined) return null;
    const marks = this.finder.marks(number, line);
    const fold = this.unfolded.get(number) ?? null;
    return { number, line, row: row - this.layout.firstRow(), rows: this.rowsOf(line, number), marks, fold };
  }

  private refilter(change: Partial<Pick<ModelState, "stream" | "level" | "matching" | "sinceStart">>): void {
    this.state.update((s) => ({ ...s, ...change }));
    const { stream, level, matching, sinceStart, query } = this.state.get();
    this.filter = { ...this.filter, stream, level, matching, sinceStart, pattern: patternOf(query) };
    this.layout = this.newLayout();
    this.widest = 0;
    this.goOn();
    this.finder.begin();
    this.schedule();
  }

  private newLayout(): LogLayout {
    return new LogLayout(
      this.log,
      (line, number) => this.shows(line, number),
      (line, number) => this.rowsOf(line, number),
    );
  }

  private shows(line: LogLine, number: number): boolean {
    return isShown(line, number, this.filter, this.log);
  }

  /** A divider takes a row of its own; so does each line of what is folded open. */
  private rowsOf(line: LogLine, number: number): number {
    const divider = line.begins === null ? 0 : 1;
    const fold = this.unfolded.get(number);
    const columns = this.wrap ? this.columns : Infinity;
    if (!this.wrap) this.widest = Math.max(this.widest, cellsOf(line.plain));
    const folded = fold === undefined ? 0 : fold.split("\n").reduce((sum, one) => sum + rowsOf(one, columns), 0);
    return divider + rowsOf(line.plain, columns) + folded;
  }

  private goOn(): void {
    this.state.update((s) => ({ ...s, paused: false, unseen: 0 }));
    this.schedule();
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private drawNow(): void {
    if (this.frame < 0) return;
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  private draw(): void {
    this.frame = 0;
    if (this.log.generation() !== this.generation) this.retake();
    const following = this.state.get().paused === false && !this.held;
    if (following) this.takeAll();
    this.layout.take(this.limit);
    this.top = following ? this.bottom() : this.within(this.top);
    const end = performance.now() + searchBudget;
    const done = this.finder.work(() => performance.now() < end);
    this.tell();
    this.drawn.update((n) => n + 1);
    if (!done) this.schedule();
  }

  private tell(): void {
    const told = {
      results: this.finder.results(),
      unseen: this.countUnseen(),
      counts: this.log.counts(),
      atTop: this.top <= this.layout.firstRow(),
    };
    this.state.update((s) => withTold(s, told));
  }

  private countUnseen(): number {
    if (this.state.get().paused === false) this.counted = this.limit;
    // Each line once: a flood behind a pause is counted as it comes.
    const from = Math.max(this.counted, this.log.start());
    this.counted = this.log.end();
    let count = from === this.limit ? 0 : this.state.get().unseen;
    for (let number = from; number < this.counted; number++) {
      const line = this.log.at(number);
      if (line !== undefined && this.shows(line, number)) count += 1;
    }
    return this.state.get().paused === false ? 0 : count;
  }

  /** Lines became others: those that are left are where they were. */
  private retake(): void {
    this.generation = this.log.generation();
    this.limit = Math.min(Math.max(this.limit, this.log.start()), this.log.end());
    this.counted = this.limit;
    for (const number of this.unfolded.keys()) if (this.log.at(number) === undefined) this.unfolded.delete(number);
    this.relay();
    this.finder.begin();
  }

  private takeAll(): void {
    this.limit = this.log.end();
    this.tail = unended(this.log, this.sources, this.filter.stream);
  }

  /** Lays all out anew, with the line at the top of the view where it was. */
  private relay(): void {
    const [placed] = this.layout.placed(this.top, this.top + 1);
    const above = placed === undefined ? 0 : this.top - placed.firstRow;
    this.layout = this.newLayout();
    this.widest = 0;
    this.layout.take(this.limit);
    const row = placed === undefined ? null : this.layout.rowFrom(placed.line);
    this.top = this.within((row ?? this.bottom()) + above);
  }

  /** Somebody scrolled, by whatever means: away from the bottom is a pause, back to it is its end. */
  private scrolled(row: number): void {
    if (row === this.top) return;
    this.top = row;
    const { paused } = this.state.get();
    const atBottom = row >= this.bottom() - 0.1;
    if (!atBottom && paused === false) this.state.update((s) => ({ ...s, paused: "scroll" }));
    else if (atBottom && paused === "scroll") this.goOn();
    this.schedule();
  }

  private end(): number {
    return this.layout.endRow() + this.tail.length;
  }

  private bottom(): number {
    return Math.max(this.layout.firstRow(), this.end() - this.rows);
  }

  private within(row: number): number {
    return Math.min(Math.max(row, this.layout.firstRow()), this.bottom());
  }

  private linesInView(): { first: number; last: number } {
    const placed = this.layout.placed(this.top, this.top + this.rows);
    return { first: placed[0]?.line ?? 0, last: placed.at(-1)?.line ?? 0 };
  }

  private isInView({ line }: Match): boolean {
    const row = this.layout.rowOfLine(line);
    return row !== null && row >= this.top - 0.5 && row < this.top + this.rows;
  }

  private reveal(match: Match): void {
    if (!this.isInView(match)) this.revealLine(match.line, true);
  }

  private revealLine(number: number, middle: boolean): void {
    const row = this.layout.rowOfLine(number);
    if (row === null) return;
    const wanted = middle
      ? row - Math.floor(this.rows / 2)
      : Math.min(Math.max(this.top, row - this.rows + 2), row - 1);
    if (!middle && row >= this.top && row < this.top + this.rows - 1) return;
    this.scrolled(this.within(wanted));
  }

  /** Lines without an end yet, as far as they are between two places. */
  private unendedBetween(from: Place, to: Place): { number: number; line: LogLine }[] {
    return this.tail
      .map((line, i) => ({ number: this.limit + i, line }))
      .filter(({ number }) => number >= from.line && number <= to.line);
  }
}
