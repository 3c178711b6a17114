// For tests only.
import type { LogLine, LogStore } from "./logStore";
import { matcherOf, type Matcher } from "./matcher";
import { RegexRunner } from "./regexRunner";

export function linesOf(store: LogStore): LogLine[] {
  const lines: LogLine[] = [];
  for (let number = store.start(); number < store.end(); number++) {
    const line = store.at(number);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}

/** Of plain text; matches nothing where that is blank. */
export function matcherIn(text: string): Matcher {
  return matcherOf({ text, regex: false }, new RegexRunner(), () => undefined) ?? { in: () => [] };
}
