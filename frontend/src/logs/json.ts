// JSON in a line, folded open on demand: alone, or after some words ("request {…}").

/** What stands before it, and it, written over several lines. */
export interface Fold {
  at: number;
  text: string;
}

const closes = /[}\]]\s*$/;

/** Null where a line ends with no JSON object or list that has anything in it. */
export function foldOf(plain: string): Fold | null {
  if (!closes.test(plain)) return null;
  // A bracket may be the text's own ("[info] {…}"): a few are tried, not each of a long line.
  for (let at = next(plain, 0), tries = 0; at >= 0 && tries < 4; at = next(plain, at + 1), tries++) {
    const value = parsed(plain.slice(at));
    if (value !== null && Object.keys(value).length > 0) return { at, text: JSON.stringify(value, null, 2) };
  }
  return null;
}

function next(text: string, from: number): number {
  const found = text.slice(from).search(/[{[]/);
  return found < 0 ? -1 : from + found;
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
