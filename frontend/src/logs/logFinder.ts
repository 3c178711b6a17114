// The search of the log panel: which match is the active one, and how many there are. It works in slices, between frames.
import type { LogLine, LogStore } from "./logStore";
import { LogSearch, type Match } from "./logSearch";
import type { Matcher } from "./matcher";
import type { Mark } from "./pieces";

export type Direction = "next" | "previous" | "first";

export interface FindResults {
  /** From 0, oldest first; -1 where it is not known (yet). */
  index: number;
  count: number;
  /** The whole log was searched. */
  complete: boolean;
}

/** What the finder must know of the view, and may ask of it. */
export interface FinderView {
  /** Lines before this one are shown; later ones wait. */
  limit(): number;
  /** Undefined: that is not known yet. */
  shows(line: LogLine, number: number): boolean | undefined;
  /** The numbers of the first and the last line in view. */
  linesInView(): { first: number; last: number };
  isInView(match: Match): boolean;
  reveal(match: Match): void;
  /** What is marked has changed. */
  marked(): void;
}

export class LogFinder {
  private matcher: Matcher | null = null;
  private search: LogSearch | null = null;
  private active: Match | null = null;
  private moves: Direction[] = [];

  constructor(
    private readonly log: LogStore,
    private readonly view: FinderView,
  ) {}

  /** Searches for something else; null: for nothing. */
  find(matcher: Matcher | null): void {
    this.matcher = matcher;
    this.begin();
  }

  move(direction: Direction): void {
    if (direction !== "first" && this.search !== null) this.moves.push(direction);
  }

  /** Searches anew: the lines are others. The active match stays where it is, if it is still one. */
  begin(): void {
    const { matcher } = this;
    this.search =
      matcher === null
        ? null
        : new LogSearch(matcher, this.log, this.view.limit(), (line, number) => this.view.shows(line, number));
    this.moves = ["first"];
    if (this.search === null) this.active = null;
    this.view.marked();
  }

  /** Searches on while `more` says so, and moves as was asked for. True when there is nothing left to do now. */
  work(more: () => boolean): boolean {
    const { search } = this;
    if (search === null) return true;
    const done = search.scan(this.view.limit(), more);
    while (this.moves.length > 0) {
      const direction = this.moves[0] ?? "first";
      const found = this.target(search, direction);
      if (found === undefined) break;
      this.moves.shift();
      this.activate(found);
    }
    return done;
  }

  results(): FindResults | null {
    const { search, active } = this;
    if (search === null) return null;
    const complete = search.isComplete();
    return { index: complete && active !== null ? search.indexOf(active) : -1, count: search.count(), complete };
  }

  /** The line of the active match. */
  activeLine(): number | null {
    return this.active?.line ?? null;
  }

  marks(number: number, line: LogLine): Mark[] {
    const { search, active } = this;
    if (search === null) return [];
    return search
      .found(line)
      .map(({ at, length }) => ({ at, length, active: active?.line === number && active.at === at }));
  }

  /** The match to go to; null if there is none, undefined if it is not known yet. */
  private target(search: LogSearch, direction: Direction): Match | null | undefined {
    const complete = search.isComplete();
    const { first, last } = this.view.linesInView();
    // From the active match while it is in sight; having scrolled away from it, from what is in sight.
    const from =
      this.active !== null && (direction === "first" || this.view.isInView(this.active)) ? this.active : null;
    if (direction === "next") {
      if (!complete) return undefined;
      return search.after(from ?? { line: first, at: -1 }) ?? search.oldest();
    }
    if (direction === "previous" && !complete) return undefined;
    const beyond = direction === "first" ? 1 : 0;
    const before = search.before(from === null ? { line: last + 1, at: 0 } : { line: from.line, at: from.at + beyond });
    // Until the whole log is searched, only a match that was found says that there is one.
    return before ?? (complete ? search.newest() : undefined);
  }

  private activate(match: Match | null): void {
    this.active = match;
    this.view.marked();
    if (match !== null) this.view.reveal(match);
  }
}
