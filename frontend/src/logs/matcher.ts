// Where the lines of a log match a query. Plain text is matched at once. A regular expression may take longer than
// anybody lives ("(a+)+$" tries every way to part a row of a's), and nothing can stop it where it runs: it runs in a
// worker (regexRunner.ts), which can be ended. So where it matches may not be known yet.
import type { LogLine } from "./logStore";
import { matchesIn, patternOf, type Found, type Query } from "./pattern";
import type { RegexRunner, Trouble } from "./regexRunner";

export interface Matcher {
  /** Where a line matches; undefined: that is not known yet, and was asked for. */
  in(line: LogLine): readonly Found[] | undefined;
}

/** How many lines on are asked for with one that is not known: they will be wanted next. */
export const lookAhead = 4_000;
/** Characters that are matched at a time, or one line that is longer. */
const batchSize = 200_000;
const none = new Uint16Array();

class RegexMatcher implements Matcher {
  /** Place and length of each match in turn: objects would take ten times the room. */
  private readonly known = new WeakMap<LogLine, Uint16Array>();
  private readonly wanted = new Set<LogLine>();
  private running = false;

  constructor(
    private readonly expression: string,
    private readonly runner: RegexRunner,
    private readonly told: (trouble: Trouble | null) => void,
  ) {}

  in(line: LogLine): readonly Found[] | undefined {
    const flat = this.known.get(line);
    if (flat === undefined) {
      this.want(line);
      return undefined;
    }
    const found: Found[] = [];
    for (let i = 0; i < flat.length; i += 2) found.push({ at: flat[i] ?? 0, length: flat[i + 1] ?? 0 });
    return found;
  }

  private want(line: LogLine): void {
    // Sent when all that is wanted at this moment was said.
    if (this.wanted.size === 0 && !this.running) queueMicrotask(() => this.send());
    this.wanted.add(line);
  }

  private send(): void {
    if (this.running || this.wanted.size === 0) return;
    const batch: LogLine[] = [];
    let size = 0;
    for (const line of this.wanted) {
      if (batch.length > 0 && size + line.plain.length > batchSize) break;
      batch.push(line);
      size += line.plain.length;
    }
    for (const line of batch) this.wanted.delete(line);
    this.running = true;
    const texts = batch.map((line) => line.plain);
    this.runner.run(this.expression, texts, (answer) => {
      if (typeof answer === "string") {
        this.told(answer);
        return;
      }
      this.running = false;
      for (const [i, line] of batch.entries()) this.known.set(line, answer[i] ?? none);
      this.send();
      this.told(null);
    });
  }
}

/**
 * `told`: more is known than before; or there is trouble, and nothing more will be. Null where the query is empty or no
 * regular expression (yet). What another query still runs is ended.
 */
export function matcherOf(query: Query, runner: RegexRunner, told: (trouble: Trouble | null) => void): Matcher | null {
  runner.stop();
  const pattern = patternOf(query);
  if (pattern === null) return null;
  if (query.regex) return new RegexMatcher(query.text, runner, told);
  return { in: (line) => matchesIn(line.plain, pattern) };
}
