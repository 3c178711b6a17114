// A line of the log as the terminal is given it: its styles, its stream, and the matches of a search in it.
import type { Stream } from "@/api/types";
import type { StreamFilter } from "./logLayout";
import type { LogLine, LogStore } from "./logStore";

/** A match within a line's bare text. */
export interface Mark {
  at: number;
  length: number;
  active: boolean;
}

/** Sequences that begin a mark. */
export interface MarkStyles {
  match: string;
  active: string;
}

export function prefixOf(line: LogLine, both: boolean): { text: string; cells: number } {
  if (line.stream === "notice") return { text: "\x1b[3;90m· ", cells: 2 };
  if (both && line.stream === "stderr") return { text: "\x1b[31m▎\x1b[0m", cells: 1 };
  return { text: "", cells: 0 };
}

export function rendered(line: LogLine, both: boolean, marks: readonly Mark[], styles: MarkStyles): string {
  const prefix = prefixOf(line, both).text;
  const text = line.stream === "notice" ? `\x1b[3;90m${line.text}\x1b[0m` : line.text;
  return prefix + (marks.length === 0 ? text : marked(text, marks, styles));
}

/** Every style in a line is set whole, so after a mark the last one before it is set again. */
function marked(text: string, marks: readonly Mark[], styles: MarkStyles): string {
  let out = "";
  let style = "\x1b[0m";
  let at = 0;
  let next = 0;
  for (const part of text.split(/(\x1b\[[\d;]*m)/)) {
    const mark = marks[next];
    if (part.startsWith("\x1b")) {
      style = part;
      out += part;
      if (mark !== undefined && mark.at < at) out += mark.active ? styles.active : styles.match;
      continue;
    }
    const end = at + part.length;
    for (let from = at; from < end;) {
      const current = marks[next];
      if (current === undefined || current.at >= end) {
        out += part.slice(from - at);
        break;
      }
      if (current.at >= from)
        out += part.slice(from - at, current.at - at) + (current.active ? styles.active : styles.match);
      const stop = Math.min(end, current.at + current.length);
      out += part.slice(Math.max(from, current.at) - at, stop - at);
      if (current.at + current.length <= end) {
        out += style;
        next += 1;
      }
      from = stop;
    }
    at = end;
  }
  return out;
}

/** The first `width` cells or so of an unfinished line; wide characters count twice, to be on the safe side. */
function cut(text: string, width: number): string {
  let room = width;
  let out = "";
  for (const [part] of text.matchAll(/\x1b\[[\d;]*m|[^]/gu)) {
    if (part.startsWith("\x1b")) out += part;
    else {
      room -= part.charCodeAt(0) < 0x1100 ? 1 : 2;
      if (room < 0) break;
      out += part;
    }
  }
  return `${out}\x1b[0m`;
}

/** Lines without an end yet, each at most one row of `width` cells, so that they never push others about. */
export function unfinished(log: Pick<LogStore, "partial">, filter: StreamFilter, width: number): string[] {
  const streams: readonly Stream[] = ["stdout", "stderr"];
  return streams
    .filter((stream) => filter === "both" || filter === stream)
    .map((stream) => log.partial(stream))
    .filter((text) => text !== "")
    .map((text) => cut(text, width));
}
