// Every match of one query in a log, found in slices so that the page never waits for it. Lines are searched from the
// newest back, since the newest match is the one mostly wanted; then those that come are taken in as they come.
import type { LogLine, LogStore } from "./logStore";
import { lastUpTo } from "./logLayout";

/** A match: in which line, and where in its bare text. */
export interface Match {
  line: number;
  at: number;
}

/** What somebody searches for. */
export interface Query {
  text: string;
  /** It is a regular expression. */
  regex: boolean;
}

/** What a query matches, whatever the case; null where it is empty, or no regular expression (yet). */
export function patternOf({ text, regex }: Query): RegExp | null {
  if (text === "") return null;
  try {
    return new RegExp(regex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "gi");
  } catch {
    return null;
  }
}

/** Where matches are in a text, the empty ones left out; they do not overlap. */
export function matchesIn(text: string, pattern: RegExp): { at: number; length: number }[] {
  const found: { at: number; length: number }[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === "") pattern.lastIndex += 1;
    else found.push({ at: match.index, length: match[0].length });
  }
  return found;
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
    private readonly pattern: RegExp,
    private readonly log: Pick<LogStore, "at" | "start">,
    to: number,
    private readonly shows: (line: LogLine, number: number) => boolean,
  ) {
    this.low = to;
    this.high = to;
  }

  found(text: string): { at: number; length: number }[] {
    return matchesIn(text, this.pattern);
  }

  /** Searches on, up to line `to`, while `more` says so. True when all of it is searched. */
  scan(to: number, more: () => boolean): boolean {
    for (let pause = false; !pause && !this.turned; pause = !more()) {
      const until = Math.max(this.log.start(), this.low - linesPerLook);
      for (; this.low > until; this.low--) this.look(this.low - 1);
      if (this.low <= this.log.start()) this.turn();
    }
    if (!this.turned) return false;
    this.forget();
    for (let pause = !more(); !pause && this.high < to; pause = !more()) {
      const until = Math.min(to, this.high + linesPerLook);
      for (; this.high < until; this.high++) this.look(this.high);
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

  private look(number: number): void {
    const line = this.log.at(number);
    if (line === undefined || !this.shows(line, number)) return;
    const { length } = this.found(line.plain);
    if (length === 0) return;
    this.lines.push(number);
    this.counts.push(length);
    this.sum += length;
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
    return found === undefined || !this.shows(found, line) ? [] : this.found(found.plain).map(({ at }) => at);
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
