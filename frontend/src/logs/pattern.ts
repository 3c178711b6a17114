// What somebody searches for in a log, as an expression, and where it matches a text. Pure.

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

/** A match: where it begins in the text, and how long it is. */
export interface Found {
  at: number;
  length: number;
}

/** Where matches are in a text, the empty ones left out; they do not overlap. */
export function matchesIn(text: string, pattern: RegExp): Found[] {
  const found: Found[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    if (match[0] === "") pattern.lastIndex += 1;
    else found.push({ at: match.index, length: match[0].length });
  }
  return found;
}
