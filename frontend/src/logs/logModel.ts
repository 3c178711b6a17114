// What is in view of a log, and where: following and pausing, the filter, the search, the chosen line. The store is the
// truth; while paused, what has come since is held back, so that the view, its search and its length stay as they are.
// It draws nothing: LogLines.tsx shows the rows that it names, and tells it of scrolling and of its size.
import type { Stream } from "@/api/types";
import { createStore, type Store } from "@/state/store";
import { LogFinder, type Direction } from "./logFinder";
import { everyLine, isShown, type Filter } from "./logLayout";
import type { Match } from "./logSearch";
import { lineAt, unended, type LogLine, type LogStore } from "./logStore";
import { matcherOf } from "./matcher";
import { initialState, withTold, type ModelState, type ShownLine } from "./modelState";
import type { Query } from "./pattern";
import { RegexRunner, type Trouble } from "./regexRunner";
import { textBetween, type Place } from "./selectionText";
import { Unseen } from "./unseen";
import { Viewport } from "./viewport";

/** How long a frame's share of searching may take, in ms: the rest is for drawing. */
const searchBudget = 6;

export class LogModel {
  readonly state: Store<ModelState> = createStore<ModelState>(initialState);
  /** Counts the times that what is to be drawn has changed. */
  readonly drawn: Store<number> = createStore(0);
  private readonly finder: LogFinder;
  private readonly unsubscribe: () => void;
  private readonly window: Viewport;
  private readonly runner = new RegexRunner();
  private filter: Filter = everyLine;
  private generation: number;
  private readonly unseen: Unseen;
  /** The mouse is drawing a selection: nothing moves under it. */
  private held = false;
  private frame = 0;

  constructor(
    readonly log: LogStore,
    private readonly sources: number,
  ) {
    this.window = new Viewport(log, (line, number) => this.shows(line, number));
    this.generation = log.generation();
    this.unseen = new Unseen(log, (line, number) => this.shows(line, number), this.window.limit);
    this.finder = new LogFinder(log, {
      limit: () => this.window.limit,
      shows: (line, number) => this.shows(line, number),
      linesInView: () => this.window.linesInView(),
      isInView: (match) => this.window.isInView(match),
      reveal: (match) => this.reveal(match),
      marked: () => this.schedule(),
    });
    this.unsubscribe = log.version.subscribe(() => this.schedule());
    this.schedule();
  }

  dispose(): void {
    this.unsubscribe();
    this.runner.end();
    cancelAnimationFrame(this.frame);
    this.frame = -1;
  }

  /** The window: how many cells wide, how many rows high; both at least 1. */
  resize(columns: number, rows: number, wrap: boolean): void {
    if (this.window.resize(columns, rows, wrap)) this.drawNow();
  }

  /** Other lines are shown. */
  show(change: Partial<Pick<ModelState, "stream" | "level" | "matching" | "sinceStart">>): void {
    this.state.update((s) => ({ ...s, ...change }));
    const { stream, level, matching, sinceStart } = this.state.get();
    this.filter = { ...this.filter, stream, level, matching, sinceStart };
    this.window.refill();
    this.goOn();
    this.finder.begin();
    this.schedule();
  }

  /** Hides all that is here now, or shows it again. */
  setCleared(cleared: boolean): void {
    this.state.update((s) => ({ ...s, cleared }));
    this.filter = { ...this.filter, from: cleared ? this.log.end() : -Infinity };
    this.show({});
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
    const { query: before } = this.state.get();
    if (before.text === query.text && before.regex === query.regex) {
      this.finder.move(direction);
      this.schedule();
      return;
    }
    this.state.update((s) => ({ ...s, query, trouble: null }));
    this.search(
      matcherOf(query, this.runner, (trouble) => (trouble === null ? this.schedule() : this.giveUp(trouble))),
    );
  }

  scroll(rows: number): void {
    this.scrolled(this.window.within(this.window.top + rows));
  }

  scrollPages(pages: number): void {
    this.scroll(pages * this.window.page());
  }

  scrollToTop(): void {
    this.scrolled(this.window.firstRow());
  }

  /** Somebody scrolled so far, in rows from the first that is here. */
  scrolledTo(row: number): void {
    this.scrolled(this.window.within(this.window.firstRow() + row));
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
    const { first, last } = this.window.linesInView();
    const found = this.window.beside(chosen ?? (by > 0 ? first : last), chosen === null ? 0 : by);
    if (found === null) return;
    this.choose(found);
    this.moveTo(this.window.topNear(found));
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
    this.window.limit = Math.max(this.window.limit, found + 1);
    this.window.take(false);
    this.choose(found);
    this.moveTo(this.window.topFor({ line: found, at: 0 }));
    return true;
  }

  /** Folds the JSON in a line open, or shut. */
  toggleFold(number: number): void {
    this.window.toggleFold(number);
    this.schedule();
  }

  /** All that is shown, as the apps wrote it. */
  text(): string {
    return this.copied({ line: -Infinity, at: 0 }, { line: Infinity, at: 0 });
  }

  /** What lies between two places, as the apps wrote it. */
  copied(from: Place, to: Place): string {
    const numbers = this.window.linesBetween(from.line, to.line);
    const unfinished = this.window.unended().filter(({ number }) => number >= from.line && number <= to.line);
    return textBetween(numbers, (number) => this.log.at(number), unfinished, from, to);
  }

  /** The first and the last line that are shown. */
  ends(): { first: number; last: number } | null {
    const lines = this.window.linesBetween(-Infinity, Infinity);
    const [first] = lines;
    return first === undefined ? null : { first, last: lines.at(-1) ?? first };
  }

  /** Where the view is: rows from the first that is here, and rows in all; the cells of the longest line. */
  place(): { top: number; total: number; widest: number } {
    return this.window.place();
  }

  /** The lines to draw, and `also` these: a selection may begin or end in them. */
  lines(also: readonly number[]): ShownLine[] {
    return this.window.lines(also).map((placed) => {
      const { number, line } = placed;
      return { ...placed, marks: this.finder.marks(number, line), fold: this.window.foldOf(number) };
    });
  }

  private search(matcher: Filter["matcher"]): void {
    this.filter = { ...this.filter, matcher };
    this.finder.find(matcher);
    if (this.filter.matching !== "all") this.show({});
    this.schedule();
  }

  /** Nothing is searched for, and every line shown. */
  private giveUp(trouble: Trouble): void {
    this.state.update((s) => ({ ...s, trouble }));
    this.search(null);
  }

  /** Undefined: that is not known yet. */
  private shows(line: LogLine, number: number): boolean | undefined {
    return isShown(line, number, this.filter, this.log);
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
    this.window.take(following);
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
      atTop: this.window.top <= this.window.firstRow(),
    };
    this.state.update((s) => withTold(s, told));
  }

  private countUnseen(): number {
    if (this.state.get().paused !== false) return this.unseen.count();
    this.unseen.seen(this.window.limit);
    return 0;
  }

  /** Lines became others: those that are left are where they were. */
  private retake(): void {
    this.generation = this.log.generation();
    this.window.retake();
    this.unseen.seen(this.window.limit);
    this.finder.begin();
  }

  private takeAll(): void {
    this.window.limit = this.log.end();
    this.window.setTail(unended(this.log, this.sources, this.filter.stream));
  }

  /** Somebody scrolled, by whatever means: away from the bottom is a pause, back to it is its end. */
  private scrolled(row: number): void {
    if (row === this.window.top) return;
    this.window.top = row;
    const { paused } = this.state.get();
    const atBottom = row >= this.window.bottom() - 0.1;
    if (!atBottom && paused === false) this.state.update((s) => ({ ...s, paused: "scroll" }));
    else if (atBottom && paused === "scroll") this.goOn();
    this.schedule();
  }

  private reveal(match: Match): void {
    this.state.update((s) => ({ ...s, revealed: s.revealed + 1 }));
    if (!this.window.isInView(match)) this.moveTo(this.window.topFor(match));
  }

  private moveTo(top: number | null): void {
    if (top !== null) this.scrolled(top);
  }
}
