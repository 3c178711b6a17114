// Keeps one app's log store in step with the server. Over the socket it knows the byte offset of every piece, so a
// reconnect resumes exactly where it stopped. Without a socket it reads the last lines every 3 s, which can only be
// joined by guessing where they overlap; those are taken back when the socket returns and the true bytes arrive.
import type { Api } from "@/api/client";
import type { ClientMessage, LogMessage } from "@/api/messages";
import type { Stream } from "@/api/types";
import type { LogFollower } from "@/state/connection";
import type { LogStore, Mark } from "./logStore";

const tailBytes = 256 * 1024;
const polledLines = 1_000;
const pollMs = 3_000;
/** A tail comes in several pieces, the streams' mixed; it is whole when no more came for this long. */
const tailQuietMs = 60;
/** An app that never stops writing must not hold its own log back. */
const tailLatestMs = 800;
/** How much of the end of a stream is compared to find where polled text continues it. */
const overlapLength = 1_024;
const streams: readonly Stream[] = ["stdout", "stderr"];

const encoder = new TextEncoder();

/** `text` without its first `bytes` bytes; whole if it cannot be cut there (a replaced invalid byte changes lengths). */
export function withoutBytes(text: string, bytes: number): string {
  const encoded = encoder.encode(text);
  const first = encoded[bytes];
  if (first === undefined) return "";
  return (first & 0xc0) === 0x80 ? text : new TextDecoder().decode(encoded.subarray(bytes));
}

/** What `text` has beyond `tail`, or null when they do not meet. */
export function continuation(tail: string, text: string): string | null {
  if (tail === "") return text;
  const at = text.lastIndexOf(tail);
  if (at >= 0) return text.slice(at + tail.length);
  return tail.endsWith(text) ? "" : null;
}

export function createLogSession(
  id: string,
  store: LogStore,
  api: Pick<Api, "logs">,
  after: (ms: number, task: () => void) => () => void,
  /** The stream whose last lines matter most just now: of what was written before, it is shown last. */
  foremost: () => Stream = () => "stdout",
): LogFollower & { stop(): void } {
  let offsets: Partial<Record<Stream, number>> = {};
  let tails: Record<Stream, string> = { stdout: "", stderr: "" };
  let polledFrom: { mark: Mark; tails: Record<Stream, string> } | null = null;
  let cancel = () => {};
  /** The tails of a fresh follow, until both are here; null when they are shown. */
  let tail: Record<Stream, string> | null = null;
  let cancelQuiet = () => {};
  let cancelLatest = () => {};
  let stopped = false;
  /** The number of the last read: an answer to an earlier one is of a loss that is over. */
  let reads = 0;

  function add(stream: Stream, text: string) {
    tails[stream] = (tails[stream] + text).slice(-overlapLength);
    store.append(stream, text);
  }

  const inOrder = (): readonly Stream[] => (foremost() === "stderr" ? streams : streams.toReversed());

  /** The files carry no times, so how two old tails mesh is not known: one after the other, and said so. */
  function showTail() {
    const held = tail;
    tail = null;
    cancelQuiet();
    cancelLatest();
    if (held === null) return;
    for (const stream of inOrder()) add(stream, held[stream]);
    if (held.stdout !== "" && held.stderr !== "")
      store.notice("above, each stream by itself; from here on, in the order the lines come");
  }

  /**
   * One follow gives its pieces without a gap. What does not continue the others while a tail is collected is therefore
   * the beginning of this follow, and they were of an earlier one of the same app, still on their way when this began.
   */
  function collect(held: Record<Stream, string>, stream: Stream, from: number, to: number, text: string) {
    const expected = offsets[stream];
    offsets[stream] = to;
    if (expected === undefined && held.stdout + held.stderr === "") cancelLatest = after(tailLatestMs, showTail);
    held[stream] = from === expected ? held[stream] + text : text;
    cancelQuiet();
    if (offsets.stdout !== undefined && offsets.stderr !== undefined) cancelQuiet = after(tailQuietMs, showTail);
  }

  function received(stream: Stream, from: number, to: number, text: string) {
    if (tail !== null) {
      collect(tail, stream, from, to, text);
      return;
    }
    const expected = offsets[stream];
    offsets[stream] = to;
    if (expected === undefined || from === expected) add(stream, text);
    else if (to <= expected) offsets[stream] = expected;
    else if (from < expected) add(stream, withoutBytes(text, expected - from));
    else {
      store.notice(`${from - expected} bytes of ${stream} are not shown here; the download has them`);
      add(stream, text);
    }
  }

  async function poll() {
    const number = ++reads;
    const answer = await api.logs(id, polledLines);
    if (stopped || polledFrom === null || number !== reads) return;
    for (const stream of answer.ok ? inOrder() : []) {
      const text = answer.ok ? answer.value[stream] : "";
      const more = continuation(tails[stream], text);
      if (more === null) store.notice(`lines of ${stream} may be missing here`);
      add(stream, more ?? text);
    }
    cancel = after(pollMs, () => void poll());
  }

  return {
    request(): ClientMessage {
      cancel();
      if (polledFrom !== null) {
        store.rollback(polledFrom.mark);
        ({ tails } = polledFrom);
        polledFrom = null;
      }
      const { stdout, stderr } = offsets;
      if (stdout !== undefined && stderr !== undefined) return { type: "follow", id, from: { stdout, stderr } };
      offsets = {};
      cancelQuiet();
      cancelLatest();
      tail = { stdout: "", stderr: "" };
      tails = { stdout: "", stderr: "" };
      store.clear();
      return { type: "follow", id, tailBytes };
    },
    message(message: LogMessage) {
      if (message.type === "log") {
        received(message.stream, message.from, message.to, message.text);
        return;
      }
      offsets[message.stream] = 0;
      if (tail !== null) {
        tail[message.stream] = "";
        return;
      }
      tails[message.stream] = "";
      store.restart(message.stream);
      store.notice(`${message.stream} was truncated; what follows is new`);
    },
    lost() {
      if (polledFrom !== null) return;
      showTail();
      polledFrom = { mark: store.mark(), tails: { ...tails } };
      void poll();
    },
    stop() {
      stopped = true;
      cancel();
      cancelQuiet();
      cancelLatest();
    },
  };
}
