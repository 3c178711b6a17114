// Keeps one app's log store in step with the server. Over the socket it knows the byte offset of every piece, so a
// reconnect resumes exactly where it stopped. Without a socket it reads the last lines every 3 s, which can only be
// joined by guessing where they overlap; those are taken back when the socket returns and the true bytes arrive.
import type { Api } from "@/api/client";
import type { FollowMessage, LogMessage } from "@/api/messages";
import type { Stream } from "@/api/types";
import type { LogFollower } from "@/state/connection";
import { withoutBytes } from "./bytes";
import { linesBefore, placesSince, readRange } from "./logReads";
import type { LogSource, Mark, Start } from "./logStore";

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

/** How much of each stream is loaded at a time, of what is older. */
const olderBytes = 256 * 1024;
/** What `text` has beyond `tail`, or null when they do not meet. */
export function continuation(tail: string, text: string): string | null {
  if (tail === "") return text;
  const at = text.lastIndexOf(tail);
  if (at >= 0) return text.slice(at + tail.length);
  return tail.endsWith(text) ? "" : null;
}

/** "more": there may be more; "all": nothing is older than what is here. */
export type Older = "more" | "all" | "failed";

export interface LogSession extends LogFollower {
  /** Loads what is older than what is here. */
  older(): Promise<Older>;
  /** Something is older than what is here. */
  hasOlder(): boolean;
  /** The app was started then. */
  started(at: number): void;
  stop(): void;
}

interface Outside {
  api: Pick<Api, "logs">;
  after: (ms: number, task: () => void) => () => void;
  now: () => number;
  /** The stream whose last lines matter most just now: of what was written before, it is shown last. */
  foremost?: () => Stream;
}

export function createLogSession(id: string, store: LogSource, outside: Outside): LogSession {
  const { api, after, now, foremost = () => "stdout" } = outside;
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
  let firstRead: number | null = null;
  /** After a resume: what comes was written while nobody looked, until it is quiet for a moment. */
  let catchingUp = false;
  /** The bytes in which the tail began, and how it began. */
  let begins: Record<Stream, number> = { stdout: 0, stderr: 0 };
  const heads: Record<Stream, string> = { stdout: "", stderr: "" };
  let loading = false;
  let start: Start | null = null;

  function add(stream: Stream, text: string, at: number | null, from: number | null) {
    tails[stream] = (tails[stream] + text).slice(-overlapLength);
    store.append(stream, text, { at, from });
  }

  function toldStart() {
    if (start !== null) store.started(start);
  }

  function caughtUp() {
    catchingUp = false;
    cancelQuiet();
    cancelLatest();
    toldStart();
  }

  const inOrder = (): readonly Stream[] => (foremost() === "stderr" ? streams : streams.toReversed());

  /** The files carry no times, so how two old tails mesh is not known: one after the other, and said so. */
  function showTail() {
    const held = tail;
    tail = null;
    cancelQuiet();
    cancelLatest();
    if (held === null) return;
    for (const stream of inOrder()) {
      heads[stream] = held[stream].slice(0, overlapLength);
      add(stream, held[stream], null, begins[stream]);
    }
    toldStart();
    if (held.stdout !== "" && held.stderr !== "")
      store.notice("above, each stream by itself; from here on, in the order the lines come");
  }

  function collect(held: Record<Stream, string>, stream: Stream, from: number, to: number, text: string) {
    const expected = offsets[stream];
    offsets[stream] = to;
    if (expected === undefined && held.stdout + held.stderr === "") cancelLatest = after(tailLatestMs, showTail);
    if (held[stream] === "") begins[stream] = from;
    held[stream] += text;
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
    if (catchingUp) {
      cancelQuiet();
      cancelQuiet = after(tailQuietMs, caughtUp);
    }
    const at = catchingUp ? null : now();
    if (expected === undefined || from === expected) add(stream, text, at, from);
    else if (to <= expected) offsets[stream] = expected;
    else if (from < expected) add(stream, withoutBytes(text, expected - from), at, expected);
    else {
      store.notice(`${from - expected} bytes of ${stream} are not shown here; the download has them`);
      add(stream, text, at, from);
    }
  }

  async function poll() {
    const number = ++reads;
    // What the first read brings may have come at any time since the socket was lost.
    firstRead ??= number;
    const answer = await api.logs(id, polledLines);
    if (stopped || polledFrom === null || number !== reads) return;
    for (const stream of answer.ok ? inOrder() : []) {
      const text = answer.ok ? answer.value[stream] : "";
      const more = continuation(tails[stream], text);
      if (more === null) store.notice(`lines of ${stream} may be missing here`);
      add(stream, more ?? text, more === null || number === firstRead ? null : now(), null);
    }
    cancel = after(pollMs, () => void poll());
  }

  async function loadOlder(): Promise<Older> {
    const place = (stream: Stream) => Math.max(0, begins[stream] - olderBytes);
    const from = { stdout: place("stdout"), stderr: place("stderr") };
    const before = begins;
    const texts = await readRange(api, id, from, before, offsets);
    if (texts === null || stopped || begins !== before) return "failed";
    const pieces: { stream: Stream; text: string; from: number }[] = [];
    for (const stream of inOrder().filter((one) => from[one] < before[one])) {
      const piece = linesBefore(texts[stream], from[stream], before[stream], heads[stream]);
      if (piece === null) return "failed";
      pieces.push({ stream, ...piece });
    }
    const reached = { ...before };
    for (const { stream, text, from: begun } of pieces) {
      reached[stream] = begun;
      heads[stream] = text.slice(0, overlapLength);
    }
    begins = reached;
    store.prepend(pieces);
    return hasOlder() ? "more" : "all";
  }

  function hasOlder(): boolean {
    return tail === null && streams.some((stream) => begins[stream] > 0);
  }

  return {
    hasOlder,
    async older() {
      if (loading || tail !== null) return "more";
      loading = true;
      try {
        return await loadOlder();
      } finally {
        loading = false;
      }
    },
    started(at) {
      if (at <= (start?.at ?? 0)) return;
      start = { at, from: null };
      if (tail === null) toldStart();
      void placesSince(api, id, at).then((from) => {
        if (stopped || from === null || start?.at !== at) return;
        start = { at, from };
        if (tail === null) toldStart();
      });
    },
    request(): FollowMessage {
      cancel();
      firstRead = null;
      if (polledFrom !== null) {
        store.rollback(polledFrom.mark);
        ({ tails } = polledFrom);
        polledFrom = null;
      }
      cancelQuiet();
      cancelLatest();
      const { stdout, stderr } = offsets;
      if (stdout !== undefined && stderr !== undefined) {
        showTail();
        catchingUp = true;
        cancelLatest = after(tailLatestMs, caughtUp);
        return { type: "follow", id, from: { stdout, stderr } };
      }
      offsets = {};
      catchingUp = false;
      begins = { stdout: 0, stderr: 0 };
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
        begins[message.stream] = 0;
        return;
      }
      tails[message.stream] = "";
      begins = { ...begins, [message.stream]: 0 };
      store.restart(message.stream);
      store.notice(`${message.stream} was truncated; what follows is new`);
    },
    lost() {
      if (polledFrom !== null) return;
      caughtUp();
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
