// What a log's session reads over REST beside the tail that it follows: what is older, and where the present run began.
import type { Api } from "@/api/client";
import type { Stream } from "@/api/types";
import { byteLength, firstBytes } from "./bytes";

type Reads = Pick<Api, "logs">;
type Places = Readonly<Record<Stream, number>>;

const streams: readonly Stream[] = ["stdout", "stderr"];
/** How many lines of each stream one read answers, and so many bytes that it may have been cut. */
const mostLines = 10_000;
const mostBytes = 1_000_000;

/**
 * Each stream's text from byte `from` on until `until`, or some more, in as many reads as it takes; null if that failed.
 * `ends`: the streams' ends as far as they are known.
 */
export async function readRange(
  api: Reads,
  id: string,
  from: Places,
  until: Places,
  ends: Partial<Places>,
): Promise<Record<Stream, string> | null> {
  const texts = { stdout: "", stderr: "" };
  let at = from;
  while (streams.some((stream) => at[stream] < until[stream])) {
    // A stream of which nothing is wanted any more is read from its end.
    const places = streams.map(
      (stream) => `${stream}:${at[stream] < until[stream] ? at[stream] : (ends[stream] ?? at[stream])}`,
    );
    const answer = await api.logs(id, mostLines, { after: places.join(",") });
    if (!answer.ok || answer.value.next === undefined) return null;
    const { next } = answer.value;
    const reached = { ...at };
    for (const stream of streams) {
      if (at[stream] >= until[stream]) continue;
      // It did not come further: the file is another one by now.
      if (next[stream] <= at[stream]) return null;
      texts[stream] += answer.value[stream];
      reached[stream] = next[stream];
    }
    at = reached;
  }
  return texts;
}

/**
 * The whole lines of a text, read from byte `from` on, that come before byte `until`, where what follows begins with
 * `head`; and the byte in which they begin. Null if the text and the head do not meet.
 */
export function linesBefore(
  text: string,
  from: number,
  until: number,
  head: string,
): { text: string; from: number } | null {
  const counted = firstBytes(text, until - from).length;
  // Bytes that are no text, or a character that was cut at `from`, make the counting wrong.
  const end = text.startsWith(head, counted) ? counted : text.lastIndexOf(head);
  if (end < 0) return null;
  // The first line may have begun before `from`, and is left for the next time; one longer than all of it cannot wait.
  const begin = from === 0 ? 0 : text.slice(0, end).indexOf("\n") + 1;
  const whole = begin === end ? 0 : begin;
  if (whole === 0) return { text: text.slice(0, end), from };
  return { text: text.slice(whole, end), from: until - byteLength(text)(whole, end) };
}

/** From which bytes on the run that began then wrote; null for a stream of which the read may have cut that off. */
export async function placesSince(api: Reads, id: string, at: number): Promise<Record<Stream, number | null> | null> {
  const answer = await api.logs(id, mostLines, { since: at });
  if (!answer.ok || answer.value.next === undefined) return null;
  const { value } = answer;
  const { next } = answer.value;
  const place = (stream: Stream) => {
    const bytes = byteLength(value[stream])(0, value[stream].length);
    return bytes >= mostBytes || value[stream].split("\n").length > mostLines ? null : next[stream] - bytes;
  };
  return { stdout: place("stdout"), stderr: place("stderr") };
}
