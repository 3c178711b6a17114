// What a view of a log tells its tools, and the lines that it names to be drawn.
import type { FindResults } from "./logFinder";
import type { Level } from "./levels";
import type { Filter, StreamFilter } from "./logLayout";
import type { LogLine } from "./logStore";
import type { Query } from "./pattern";
import type { Mark } from "./pieces";
import type { Trouble } from "./regexRunner";

export interface ModelState {
  /** "scroll": paused by scrolling up, goes on by scrolling down again. */
  paused: false | "button" | "scroll";
  /** Lines held back because of the pause, of those that the filter shows. */
  unseen: number;
  results: FindResults | null;
  query: Query;
  /** Why nothing is searched for. */
  trouble: Trouble | null;
  stream: StreamFilter;
  level: Level | null;
  matching: Filter["matching"];
  sinceStart: boolean;
  /** Somebody cleared the view of what came before. */
  cleared: boolean;
  /** The line that copying and linking are about. */
  chosen: number | null;
  counts: Readonly<Record<Level, number>>;
  /** The view is at the first line that is here. */
  atTop: boolean;
  /** Counts the times that the search went to a match. */
  revealed: number;
}

/** A line in view, with where it stands and all that it shows. */
export interface ShownLine {
  number: number;
  line: LogLine;
  /** From the first row that is here. */
  row: number;
  rows: number;
  marks: readonly Mark[];
  /** The JSON in it, when it is folded open. */
  fold: string | null;
}

export const initialState: ModelState = {
  paused: false,
  unseen: 0,
  results: null,
  query: { text: "", regex: false },
  trouble: null,
  stream: "both",
  level: null,
  matching: "all",
  sinceStart: false,
  cleared: false,
  chosen: null,
  counts: { error: 0, warn: 0, info: 0, debug: 0 },
  atTop: false,
  revealed: 0,
};

const sameResults = (a: FindResults | null, b: FindResults | null) =>
  a === b || (a !== null && b !== null && a.index === b.index && a.count === b.count && a.complete === b.complete);

type Told = Pick<ModelState, "results" | "unseen" | "counts" | "atTop">;

/** The same state where none of this is news. */
export function withTold(state: ModelState, told: Told): ModelState {
  const sameCounts = Object.entries(told.counts).every(([level, count]) => state.counts[level as Level] === count);
  const same = state.unseen === told.unseen && state.atTop === told.atTop && sameResults(state.results, told.results);
  return same && sameCounts ? state : { ...state, ...told, counts: sameCounts ? state.counts : { ...told.counts } };
}
