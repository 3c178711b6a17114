// Every match of one query in a log, found in slices so that the page never waits for it. Lines are searched from the
// newest back, since the newest match is the one mostly wanted; then those that come are taken in as they come.
import type { LogLine, LogStore } from "./logStore";
import { lastUpTo } from "./logLayout";
import { lookAhead, type Matcher } from "./matcher";
import type { Found } from "./pattern";

/** A match: in which line, and where in its bare text. */
export interface Match {
  line: number;
  at: number;
}

const linesPerLook = 200;

export class LogSearch {
  /** Lines with matches, ascending, and how many each has; while the first pass is on, descending. */
  private lines: number[] = [];
  private counts: number[] = [];
  private sum = 0;
  /** Lines from `low` to `high` (exclusive) were searched. */
  private low: number;
  private high: number;
  private turned = false;

  /** Searches what the log has before line `to`. */
  constructor(
    private readonly matcher: Matcher,
    private readonly log: Pick<LogStore, "at" | "start">,
    to: number,
    private readonly shows: (line: LogLine, number: number) => boolean | undefined,
  ) {
    this.low = to;
    this.high = to;
  }

  /** Where a line matches, as far as that is known. */
  found(line: LogLine): readonly Found[] {
    return this.matcher.in(line) ?? [];
  }

  /**
   * Searches on, up to line `to`, while `more` says so. True when there is no more to do: all of it is searched, or of
   * the next line it is not known yet whether it matches.
   */
  scan(to: number, more: () => boolean): boolean {
    for (let pause = false; !pause && !this.turned; pause = !more()) {
      const until = Math.max(this.log.start(), this.low - linesPerLook);
      for (; this.low > until; this.low--) if (!this.look(this.low - 1)) return this.asked(this.low - 1, -1);
      if (this.low <= this.log.start()) this.turn();
    }
    if (!this.turned) return false;
    this.forget();
    for (let pause = !more(); !pause && this.high < to; pause = !more()) {
      const until = Math.min(to, this.high + linesPerLook);
      for (; this.high < until; this.high++) if (!this.look(this.high)) return this.asked(this.high, 1);
    }
    return this.high >= to;
  }

  /** The first pass went through the whole log. */
  isComplete(): boolean {
    return this.turned;
  }

  count(): number {
    return this.sum;
  }

  /** How many matches come before this one. Only when complete. */
  indexOf({ line, at }: Match): number {
    let before = 0;
    for (let i = 0; i < this.lines.length && (this.lines[i] ?? 0) < line; i++) before += this.counts[i] ?? 0;
    return before + Math.max(0, this.startsIn(line).indexOf(at));
  }

  /** The newest match before this place, in what was searched so far; null if there is none. */
  before({ line, at }: Match): Match | null {
    const within = this.startsIn(line).findLast((start) => start < at);
    if (within !== undefined) return { line, at: within };
    const found = this.turned ? this.below(line) : this.lines.find((number) => number < line);
    return found === undefined ? null : this.lastIn(found);
  }

  /** The oldest match after this place. Only when complete. */
  after({ line, at }: Match): Match | null {
    const within = this.startsIn(line).find((start) => start > at);
    if (within !== undefined) return { line, at: within };
    const i = lastUpTo(this.lines, line);
    const found = (this.lines[i] ?? 0) > line ? this.lines[i] : this.lines[i + 1];
    return found === undefined ? null : this.firstIn(found);
  }

  newest(): Match | null {
    const found = this.turned ? this.lines.at(-1) : this.lines[0];
    return found === undefined ? null : this.lastIn(found);
  }

  oldest(): Match | null {
    const [found] = this.lines;
    return found === undefined ? null : this.firstIn(found);
  }

  /** False: it is not known yet. */
  private look(number: number): boolean {
    const line = this.log.at(number);
    if (line === undefined) return true;
    const shown = this.shows(line, number);
    const found = shown === false ? [] : this.matcher.in(line);
    if (shown === undefined || found === undefined) return false;
    if (found.length === 0) return true;
    this.lines.push(number);
    this.counts.push(found.length);
    this.sum += found.length;
    return true;
  }

  /** Those from here on, up or down, will be wanted next. */
  private asked(from: number, by: 1 | -1): true {
    for (let i = 0; i < lookAhead; i++) {
      const line = this.log.at(from + i * by);
      if (line !== undefined) this.matcher.in(line);
    }
    return true;
  }

  private turn(): void {
    this.lines.reverse();
    this.counts.reverse();
    this.turned = true;
  }

  /** Lets go of lines that the store no longer has. */
  private forget(): void {
    const start = this.log.start();
    this.high = Math.max(this.high, start);
    const gone = this.lines.findIndex((line) => line >= start);
    const count = gone < 0 ? this.lines.length : gone;
    if (count === 0) return;
    for (const lost of this.counts.splice(0, count)) this.sum -= lost;
    this.lines.splice(0, count);
  }

  private startsIn(line: number): number[] {
    const found = this.log.at(line);
    return found === undefined || !this.shows(found, line) ? [] : this.found(found).map(({ at }) => at);
  }

  private below(line: number): number | undefined {
    const i = lastUpTo(this.lines, line - 1);
    const found = this.lines[i];
    return found !== undefined && found < line ? found : undefined;
  }

  private lastIn(line: number): Match | null {
    const at = this.startsIn(line).at(-1);
    return at === undefined ? null : { line, at };
  }

  private firstIn(line: number): Match | null {
    const [at] = this.startsIn(line);
    return at === undefined ? null : { line, at };
  }
}
