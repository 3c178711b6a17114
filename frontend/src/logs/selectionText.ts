// What is copied: the text of the store, not of the few rows that the page holds.
import type { LogLine } from "./logStore";

/** A place in the log: a line's number, and an index in its bare text. */
export interface Place {
  line: number;
  at: number;
}

/**
 * What lies between two places, as the apps wrote it: a line that fills several rows is one line, and nothing that
 * Berth says or draws is among it. `numbers`: the shown lines from one place to the other; `unended`: those after
 * them that have no end yet.
 */
export function textBetween(
  numbers: readonly number[],
  lineAt: (number: number) => LogLine | undefined,
  unended: readonly { number: number; line: LogLine }[],
  from: Place,
  to: Place,
): string {
  const parts: string[] = [];
  const take = (number: number, line: LogLine) => {
    if (line.stream === "notice") return;
    parts.push(line.plain.slice(number === from.line ? from.at : 0, number === to.line ? to.at : undefined));
  };
  const ended = unended[0]?.number ?? Infinity;
  for (const number of numbers) {
    const line = number < ended ? lineAt(number) : undefined;
    if (line !== undefined) take(number, line);
  }
  for (const { number, line } of unended) take(number, line);
  return parts.join("\n");
}
