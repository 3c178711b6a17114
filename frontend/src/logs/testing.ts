// For tests only.
import type { LogLine, LogStore } from "./logStore";

export function linesOf(store: LogStore): LogLine[] {
  const lines: LogLine[] = [];
  for (let number = store.start(); number < store.end(); number++) {
    const line = store.at(number);
    if (line !== undefined) lines.push(line);
  }
  return lines;
}
