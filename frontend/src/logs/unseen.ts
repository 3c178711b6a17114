// How many lines wait behind a pause, of those that are shown: each is looked at once, as it comes.
import type { LogLine, LogStore } from "./logStore";

export class Unseen {
  private found = 0;

  /** Lines before `next` are seen, or counted. */
  constructor(
    private readonly log: Pick<LogStore, "at" | "start" | "end">,
    private readonly shows: (line: LogLine, number: number) => boolean | undefined,
    private next: number,
  ) {}

  /** All before this line is seen. */
  seen(before: number): void {
    this.next = before;
    this.found = 0;
  }

  /** Those that are here, up to the first of which it is not known yet whether it is shown. */
  count(): number {
    this.next = Math.max(this.next, this.log.start());
    for (; this.next < this.log.end(); this.next++) {
      const line = this.log.at(this.next);
      const shown = line !== undefined && this.shows(line, this.next);
      if (shown === undefined) break;
      if (shown) this.found += 1;
    }
    return this.found;
  }
}
