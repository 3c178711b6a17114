// What goes to the worker that runs regular expressions and comes back from it. Matches come as one row of numbers,
// which is handed over and not copied: for each text how many there are, then the place and length of each. A line is
// shorter than 65,536 characters.
import { matchesIn, patternOf } from "./pattern";

export interface Batch {
  expression: string;
  texts: readonly string[];
}

/** "begun": the worker is there and goes at it. */
export type Told = "begun" | Uint16Array;

export function matched({ expression, texts }: Batch): Uint16Array {
  const pattern = patternOf({ text: expression, regex: true });
  const flat: number[] = [];
  for (const text of texts) {
    const found = pattern === null ? [] : matchesIn(text, pattern);
    flat.push(found.length);
    for (const { at, length } of found) flat.push(at, length);
  }
  return Uint16Array.from(flat);
}

/** Each text's places and lengths. */
export function unpacked(flat: Uint16Array, texts: number): Uint16Array[] {
  const parts: Uint16Array[] = [];
  let at = 0;
  for (let i = 0; i < texts; i++) {
    const end = at + 1 + 2 * (flat[at] ?? 0);
    parts.push(flat.slice(at + 1, end));
    at = end;
  }
  return parts;
}
