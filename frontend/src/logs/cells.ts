// How many cells of a terminal a text takes, and where it breaks. xterm.js is given the same table, so the rows that
// are counted here, without a terminal, are the rows that it makes.
import { Unicode11Addon } from "@xterm/addon-unicode11";
import type { IUnicodeVersionProvider, Terminal } from "@xterm/xterm";

/** The addon only hands its table to a terminal: this stands where the terminal would. */
function tableOf(addon: Unicode11Addon): IUnicodeVersionProvider {
  const given: IUnicodeVersionProvider[] = [];
  addon.activate({
    unicode: { register: (table: IUnicodeVersionProvider) => given.push(table) },
  } as unknown as Terminal);
  const [table] = given;
  if (table === undefined) throw new Error("the addon registered no table");
  return table;
}

export const cellTable = tableOf(new Unicode11Addon());

const oneCellEach = /^[\x20-\x7e]*$/;

export function cellsOf(text: string): number {
  if (oneCellEach.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += cellTable.wcwidth(character.codePointAt(0) ?? 0);
  return cells;
}

/** In which row of a text that begins in cell `from` the character at `index` stands; of the end, if it has fewer. */
export function rowOfIndex(text: string, index: number, from: number, columns: number): number {
  let row = 0;
  let cell = from;
  let at = 0;
  for (const character of text) {
    const width = cellTable.wcwidth(character.codePointAt(0) ?? 0);
    // A wide one does not stand in two rows: the last cell of the row stays empty.
    if (cell + width > columns) [row, cell] = [row + 1, 0];
    if (at >= index) return row;
    cell += width;
    at += character.length;
  }
  return row;
}

/** The inverse: the index of what stands in `column` of the text's `row`, with what combines with it before. */
export function indexOfCell(text: string, row: number, column: number, from: number, columns: number): number {
  let [atRow, cell, at] = [0, from, 0];
  for (const character of text) {
    const width = cellTable.wcwidth(character.codePointAt(0) ?? 0);
    if (cell + width > columns) [atRow, cell] = [atRow + 1, 0];
    if (atRow > row || (atRow === row && cell + width > column)) return at;
    cell += width;
    at += character.length;
  }
  return at;
}

/** How many rows of `columns` cells it fills; at least one. */
export function rowsOf(line: { plain: string; cells: number }, from: number, columns: number): number {
  if (from + line.cells <= columns) return 1;
  if (line.cells === line.plain.length && oneCellEach.test(line.plain)) return Math.ceil((from + line.cells) / columns);
  return rowOfIndex(line.plain, line.plain.length, from, columns) + 1;
}
