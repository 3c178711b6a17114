// How many cells of a monospaced grid a text takes, and where it breaks into rows. The page breaks lines itself and
// gives each row an element of its own: so the height of 100,000 lines is known without drawing one, whatever fonts
// the browser falls back to.

const tabStop = 8;
/** One cell each, and no tab: nearly all of a log, with the signs and lines that programs draw. */
const simple = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u2319\u2500-\u27bf]*$/;
const nothing = /[\p{M}\p{Cf}]/u;
const joiner = 0x200d;

/** First and last of the ranges that fill two cells: the scripts of East Asia, full-width forms, emoji. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1faff],
  [0x20000, 0x3fffd],
];

function widthOf(character: string, code: number): number {
  if (code < 0x300) return 1;
  if (nothing.test(character)) return 0;
  return code >= 0x1100 && wide.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Where each row of `columns` cells begins in the text; one row at least. */
export function breaksOf(text: string, columns: number): number[] {
  const breaks = [0];
  if (simple.test(text)) {
    for (let at = columns; at < text.length; at += columns) breaks.push(at);
    return breaks;
  }
  let [cell, at, joined] = [0, 0, false];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const width = code === 9 ? tabStop - (cell % tabStop) : joined ? 0 : widthOf(character, code);
    // A wide character does not stand in two rows: the last cell of the row stays empty.
    if (cell + width > columns && cell > 0) {
      if (width > 0) breaks.push(at);
      cell = 0;
    }
    cell += code === 9 && cell === 0 ? Math.min(tabStop, columns) : width;
    joined = code === joiner;
    at += character.length;
  }
  return breaks;
}

export function rowsOf(text: string, columns: number): number {
  if (text.length <= columns && simple.test(text)) return 1;
  return simple.test(text) ? Math.ceil(text.length / columns) : breaksOf(text, columns).length;
}

/** The cells of a line that is not broken. */
export function cellsOf(text: string): number {
  if (simple.test(text)) return text.length;
  let [cell, joined] = [0, false];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    cell += code === 9 ? tabStop - (cell % tabStop) : joined ? 0 : widthOf(character, code);
    joined = code === joiner;
  }
  return cell;
}
