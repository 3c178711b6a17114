// A row of a line as pieces that each look one way: cut where a style, a mark or a link begins or ends.
import type { Link } from "./links";

/** A match within a line's bare text. */
export interface Mark {
  at: number;
  length: number;
  active: boolean;
}

export interface Piece {
  text: string;
  /** The parameters of the sequence before it; "" for none. */
  style: string;
  mark: Mark | null;
  link: Link | null;
}

interface Run {
  from: number;
  to: number;
  style: string;
}

/** The styled runs of a line with sequences, by where they are in its bare text. */
export function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let [at, style] = [0, ""];
  for (const part of text.split(/(\x1b\[[\d;]*m)/)) {
    if (part.startsWith("\x1b")) {
      const parameters = part.slice(2, -1);
      style = parameters === "0" ? "" : parameters;
    } else if (part !== "") {
      runs.push({ from: at, to: at + part.length, style });
      at += part.length;
    }
  }
  return runs;
}

const over = <T extends { at: number; length: number }>(ranges: readonly T[], at: number): T | null =>
  ranges.find((range) => at >= range.at && at < range.at + range.length) ?? null;

/** The pieces of the bare text from `from` to `to`. */
export function piecesOf(
  plain: string,
  runs: readonly Run[],
  marks: readonly Mark[],
  links: readonly Link[],
  from: number,
  to: number,
): Piece[] {
  const cuts = new Set<number>([from, to]);
  const cut = (at: number) => at > from && at < to && cuts.add(at);
  for (const run of runs) cut(run.from);
  for (const { at, length } of [...marks, ...links]) {
    cut(at);
    cut(at + length);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let run = 0;
  for (const [i, at] of places.entries()) {
    const end = places[i + 1];
    if (end === undefined) break;
    while ((runs[run]?.to ?? Infinity) <= at) run += 1;
    pieces.push({
      text: plain.slice(at, end),
      style: runs[run]?.style ?? "",
      mark: over(marks, at),
      link: over(links, at),
    });
  }
  return pieces;
}
