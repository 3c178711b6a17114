// A link to a line: the app's logs, and the byte of a stream's file in which the line begins. A name that lasts as long
// as the file does.
import type { Stream } from "@/api/types";
import type { LogLine } from "./logStore";

export interface LinePlace {
  stream: Stream;
  byte: number;
}

/** Null where it is not known at which byte the line begins. */
export function linkTo(origin: string, id: string, line: LogLine): string | null {
  if (line.stream === "notice" || line.from === null) return null;
  return `${origin}/apps/${encodeURIComponent(id)}/logs?line=${line.stream}:${line.from}`;
}

/** The line that an address asks for. */
export function linkedLine(search: string): LinePlace | null {
  const found = /^(stdout|stderr):(\d{1,15})$/.exec(new URLSearchParams(search).get("line") ?? "");
  return found === null ? null : { stream: found[1] as Stream, byte: Number(found[2]) };
}
