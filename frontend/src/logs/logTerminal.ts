// Shows a log store on a screen: what is in view, following and pausing, the filter and the search. The store is the
// truth; while paused, what has come since is held back, so that the view, its search and its length stay as they are.
import type { LogLine, LogStore } from "./logStore";
import { createStore, type Store } from "@/state/store";
import { LogFinder, type Direction, type FindResults } from "./logFinder";
import { countShown, isShown, LogLayout, type StreamFilter } from "./logLayout";
import { LogScreen, type Content } from "./logScreen";
import type { Match } from "./logSearch";
import { selectedText, spokenText } from "./plainText";
import { rendered, unfinished } from "./rendered";
import { markStyles } from "./theme";

export interface TerminalState {
  /** "scroll": paused by scrolling up, goes on by scrolling down again. */
  paused: false | "button" | "scroll";
  /** Lines held back because of the pause, of those that the filter shows. */
  unseen: number;
  results: FindResults | null;
}

/** How long a frame's share of searching may take, in ms: the rest is for drawing. */
const searchBudget = 6;

const sameResults = (a: FindResults | null, b: FindResults | null) =>
  a === b || (a !== null && b !== null && a.index === b.index && a.count === b.count && a.complete === b.complete);

export class LogTerminal {
  readonly state: Store<TerminalState> = createStore<TerminalState>({ paused: false, unseen: 0, results: null });
  private readonly screen: LogScreen;
  private readonly finder: LogFinder;
  private readonly unsubscribe: () => void;
  private layout: LogLayout;
  private generation: number;
  /** Lines before this one are shown. */
  private limit: number;
  /** Lines before this one are counted, as shown or unseen. */
  private counted: number;
  /** The lines that have not ended yet, at the bottom: a row each. */
  private tail: string[] = [];
  private top = 0;
  private version = 0;
  private frame = 0;

  constructor(
    host: HTMLElement,
    private readonly log: LogStore,
    private dark: boolean,
  ) {
    this.screen = new LogScreen(host, dark, { scrolled: (row) => this.scrolled(row), resized: () => this.resized() });
    this.layout = new LogLayout(log, "both", this.screen.columns);
    this.generation = log.generation();
    this.limit = log.start();
    this.counted = this.limit;
    this.finder = new LogFinder(log, {
      limit: () => this.limit,
      shows: (line) => this.shows(line.stream),
      linesInView: () => this.linesInView(),
      isInView: (match) => this.isInView(this.rowOf(match)),
      reveal: (match) => this.reveal(match),
      marked: () => this.changed(),
    });
    this.unsubscribe = log.version.subscribe(() => this.schedule());
    this.draw();
  }

  setDark(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.screen.setDark(dark);
    this.changed();
  }

  setFilter(filter: StreamFilter): void {
    if (filter === this.layout.filter) return;
    this.layout = new LogLayout(this.log, filter, this.layout.columns);
    this.screen.clearSelection();
    this.goOn();
    this.finder.begin();
    this.changed();
  }

  pause(): void {
    this.state.update((s) => ({ ...s, paused: "button" }));
  }

  /** All that the filter shows, as the app wrote it. */
  text(): string {
    return selectedText(this.log, this.layout, this.tail, [this.layout.firstRow(), 0], [this.end(), 0]);
  }

  follow(): void {
    this.goOn();
    // At once: a scroll that is still under way (a fling, a smooth wheel) would count as scrolling away again.
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  find(text: string, direction: Direction): void {
    this.finder.find(text, direction);
    this.schedule();
  }

  scroll(rows: number): void {
    this.scrolled(this.within(this.top + rows));
  }

  scrollPages(pages: number): void {
    this.scroll(pages * (this.screen.rows - 1));
  }

  scrollToTop(): void {
    this.scrolled(this.layout.firstRow());
  }

  dispose(): void {
    this.unsubscribe();
    cancelAnimationFrame(this.frame);
    this.frame = -1;
    this.screen.dispose();
  }

  private goOn(): void {
    this.state.update((s) => ({ ...s, paused: false, unseen: 0 }));
    this.schedule();
  }

  private schedule(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  private changed(): void {
    this.version += 1;
    this.schedule();
  }

  private draw(): void {
    this.frame = 0;
    if (this.log.generation() !== this.generation) this.retake();
    if (this.state.get().paused === false) this.takeAll();
    this.layout.take(this.limit);
    this.top = this.state.get().paused === false ? this.bottom() : this.within(this.top);
    const end = performance.now() + searchBudget;
    const done = this.finder.work(() => performance.now() < end);
    const results = this.finder.results();
    const unseen = this.countUnseen();
    this.state.update((s) => (s.unseen === unseen && sameResults(s.results, results) ? s : { ...s, unseen, results }));
    this.screen.show(this.content(), this.top);
    if (!done) this.schedule();
  }

  private countUnseen(): number {
    if (this.state.get().paused === false) this.counted = this.limit;
    // Each line once: a flood behind a pause is counted as it comes.
    const from = Math.max(this.counted, this.log.start());
    this.counted = this.log.end();
    const before = from === this.limit ? 0 : this.state.get().unseen;
    return before + countShown(this.log, from, this.counted, this.layout.filter);
  }

  /** Lines were taken back: those that are left are where they were. */
  private retake(): void {
    const anchor = this.anchor();
    this.generation = this.log.generation();
    this.limit = Math.min(Math.max(this.limit, this.log.start()), this.log.end());
    this.counted = this.limit;
    this.screen.clearSelection();
    this.relay(anchor);
    this.finder.begin();
  }

  private takeAll(): void {
    this.limit = this.log.end();
    const tail = unfinished(this.log, this.layout.filter, this.screen.columns - 1);
    if (tail.join("\n") === this.tail.join("\n")) return;
    this.tail = tail;
    this.version += 1;
  }

  private resized(): void {
    if (this.layout.columns !== this.screen.columns) this.relay(this.anchor());
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  /** The line at the top of the view, and how many of its rows are above. */
  private anchor(): { line: number; above: number } {
    const [placed] = this.layout.placed(this.top, this.top + 1);
    return placed === undefined
      ? { line: 0, above: 0 }
      : { line: placed.line, above: Math.max(0, this.top - placed.firstRow) };
  }

  private relay({ line, above }: { line: number; above: number }): void {
    this.layout = new LogLayout(this.log, this.layout.filter, this.screen.columns);
    this.layout.take(this.limit);
    this.top = this.within((this.layout.rowOfLine(line) ?? this.bottom()) + above);
    this.version += 1;
  }

  /** Somebody scrolled, by whatever means: away from the bottom is a pause, back to it is its end. */
  private scrolled(row: number): void {
    if (row === this.top) return;
    this.top = row;
    const { paused } = this.state.get();
    if (row < this.bottom() && paused === false) this.state.update((s) => ({ ...s, paused: "scroll" }));
    else if (row >= this.bottom() && paused === "scroll") this.goOn();
    this.schedule();
  }

  private end(): number {
    return this.layout.endRow() + this.tail.length;
  }

  private bottom(): number {
    return Math.max(this.layout.firstRow(), this.end() - this.screen.rows);
  }

  private within(row: number): number {
    return Math.min(Math.max(row, this.layout.firstRow()), this.bottom());
  }

  private linesInView(): { first: number; last: number } {
    const placed = this.layout.placed(this.top, this.top + this.screen.rows);
    return { first: placed[0]?.line ?? 0, last: placed.at(-1)?.line ?? 0 };
  }

  private rowOf({ line, at }: Match): number {
    return this.layout.rowOfIndex(line, at) ?? -1;
  }

  private isInView(row: number): boolean {
    return row >= this.top && row < this.top + this.screen.rows;
  }

  private reveal(match: Match): void {
    const row = this.rowOf(match);
    if (row >= 0 && !this.isInView(row)) this.scrolled(this.within(row - Math.floor(this.screen.rows / 2)));
  }

  private content(): Content {
    const { layout, tail } = this;
    return {
      first: layout.firstRow(),
      end: this.end(),
      version: this.version,
      text: (from, to) => {
        const placed = layout.placed(from, to);
        const last = placed.at(-1)?.line;
        const all = to > layout.endRow() || last === undefined;
        const next = all ? layout.endRow() + tail.length : (layout.placed(to, to + 1)[0]?.firstRow ?? layout.endRow());
        const lines = placed.map(({ line }) => this.render(line));
        return { from: placed[0]?.firstRow ?? from, to: next, text: [...lines, ...(all ? tail : [])].join("\n") };
      },
      spoken: (from, to) => spokenText(this.log, layout, tail, from, to),
      copied: (from, to) => selectedText(this.log, layout, tail, from, to),
    };
  }

  private render(number: number): string {
    const line = this.log.at(number);
    return line === undefined
      ? ""
      : rendered(line, this.layout.filter === "both", this.finder.marks(number, line), markStyles(this.dark));
  }

  private shows(stream: LogLine["stream"]): boolean {
    return isShown(stream, this.layout.filter);
  }
}
