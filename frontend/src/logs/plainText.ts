// The log as text without a terminal: what is copied, and what a screen reader reads.
import { indexOfCell } from "./cells";
import type { LogLayout } from "./logLayout";
import type { LogStore } from "./logStore";
import { prefixOf } from "./rendered";

/** A row of the layout, and a column of the terminal. */
export type Cell = readonly [row: number, column: number];

/** The part of a text that lies between two cells, the second exclusive; it begins in `firstRow`, after `before` cells. */
function between(text: string, firstRow: number, before: number, columns: number, from: Cell, to: Cell): string {
  const index = ([row, column]: Cell) => indexOfCell(text, row - firstRow, column, before, columns);
  return text.slice(firstRow <= from[0] ? index(from) : 0, index(to));
}

/**
 * What lies between two cells, as the app wrote it: a line that fills several rows is one line, and what was drawn
 * before it (the mark of stderr) is no part of it. `tail`: the rows below the layout, of lines without an end yet.
 */
export function selectedText(
  log: Pick<LogStore, "at">,
  layout: LogLayout,
  tail: readonly string[],
  from: Cell,
  to: Cell,
): string {
  const end = layout.endRow();
  const placed = from[0] < end ? layout.placed(from[0], to[0] + 1) : [];
  const lines = placed.map(({ line: number, firstRow }) => {
    const line = log.at(number);
    if (line === undefined) return "";
    const before = prefixOf(line, layout.filter === "both").cells;
    return between(line.plain, firstRow, before, layout.columns, from, to);
  });
  const unfinished = tail
    .map((text, i) => ({ text: withoutStyles(text), row: end + i }))
    .filter(({ row }) => row >= from[0] && row <= to[0])
    .map(({ text, row }) => between(text, row, 0, layout.columns, from, to));
  return [...lines, ...unfinished].join("\n");
}

function withoutStyles(text: string): string {
  return text.replace(/\x1b\[[\d;]*m/g, "");
}

/** The lines of these rows as they are read out: by a colour nobody hears where a line was written. */
export function spokenText(
  log: Pick<LogStore, "at">,
  layout: LogLayout,
  tail: readonly string[],
  from: number,
  to: number,
): string {
  const both = layout.filter === "both";
  const lines = layout.placed(from, Math.min(to, layout.endRow())).map(({ line: number }) => {
    const line = log.at(number);
    return line === undefined ? "" : both && line.stream === "stderr" ? `stderr: ${line.plain}` : line.plain;
  });
  return [...lines, ...(to > layout.endRow() ? tail.map(withoutStyles) : [])].join("\n");
}
