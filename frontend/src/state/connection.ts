// The one owner of the socket. It keeps the fleet store as fresh as it can and never lets it claim to be fresher:
// the socket first; while that is down, a read every 3 s; while that fails too, the age of what is shown. Reads are
// numbered: one that was sent before something newer was known (another read's answer, an action's, the socket's word)
// is old news, whenever it arrives.
//
// Messages are applied in batches, one a frame, so that twenty apps changing at once are one render. Log text is handed
// on for a frame's share of time, and the rest in the next frames, so that a flood does not stop the page. A health read
// every 10 s doubles as the proof that a silent socket still has a living server behind it.
import type { Api } from "@/api/client";
import {
  parseMessage,
  type ClientMessage,
  type FollowMessage,
  type LogMessage,
  type ServerMessage,
} from "@/api/messages";
import { backoffMs } from "./backoff";
import { applyMessage, withApps, withHealth, type ConnectionState, type Fleet } from "./fleet";
import type { Store } from "./store";

export interface Socket {
  send(text: string): void;
  close(): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

/** The outside world, so that tests can hold the clock. */
export interface World {
  open(): Socket;
  now(): number;
  /** Runs the task on the next frame; at once, after what runs now, in a hidden tab. */
  frame(task: () => void): void;
  after: (ms: number, task: () => void) => () => void;
}

/** Someone who follows an app's log. */
export interface LogFollower {
  /** What to ask for whenever a socket is (again) live; the connection gives it its number. */
  request(): FollowMessage;
  message(message: LogMessage): void;
  /** The socket is gone: read by other means until `request` is asked for again. */
  lost(): void;
}

export interface Connection {
  start(): void;
  /** Something was done: reads the state anew, when there is no socket that tells it. */
  refresh(): Promise<void>;
  /** Each by itself, also several of one app. */
  follow(id: string, follower: LogFollower): () => void;
  stop(): void;
}

const pollMs = 3_000;
const healthMs = 10_000;
/** While Berth is not well: at its start pm2 is not there yet, and a moment later it is. */
const healthWhileUnwellMs = 1_000;
const snapshotDeadlineMs = 5_000;
/** Messages that may wait for a frame. */
const mostQueued = 1_000;
/** A frame's share for reading log text. */
const logBudgetMs = 8;
/** Pieces of log (32 KiB at most) that may wait for a frame; of more, the page would grow while it falls behind. */
const mostLogs = 256;

export function createConnection(store: Store<Fleet>, api: Api, world: World): Connection {
  let socket: Socket | null = null;
  let attempt = 0;
  let queue: ServerMessage[] = [];
  let logs: LogMessage[] = [];
  let framed = false;
  let stopped = false;
  let proof: number | null = null;
  /** Of the socket's messages. */
  let heard = 0;
  /** The number of the last read that was sent, and of the newest that is old news by now. */
  let sent = 0;
  let old = 0;
  const cancels = new Map<string, () => void>();
  /** By a number that comes back on every piece: those still on their way to who is gone are nobody's. */
  const followers = new Map<number | undefined, LogFollower>();
  let follows = 0;

  const isLive = () => store.get().connection.state === "live";

  function later(name: string, ms: number, task: () => void) {
    cancels.get(name)?.();
    if (!stopped) cancels.set(name, world.after(ms, task));
  }

  function say(state: ConnectionState["state"]) {
    store.update((fleet) => {
      const before = fleet.connection;
      // While live the age is zero by definition; noting every proof would render the page for nothing.
      if (before.state === state && (state === "live" || before.asOf === proof)) return fleet;
      return { ...fleet, connection: { state, asOf: proof } };
    });
  }

  function frame() {
    if (framed) return;
    framed = true;
    world.frame(() => {
      framed = false;
      flush(false);
    });
  }

  /** Hands on log text, in order: for a frame's share of time, or all of it. */
  function handOn(all: boolean) {
    const end = world.now() + logBudgetMs;
    let done = 0;
    for (const message of logs) {
      if (!all && logs.length - done <= mostLogs && done > 0 && world.now() >= end) break;
      followers.get(message.follow)?.message(message);
      done += 1;
    }
    logs = logs.slice(done);
    if (logs.length > 0) frame();
  }

  function flush(all: boolean) {
    const batch = queue;
    queue = [];
    logs = logs.concat(batch.filter((message) => message.type === "log" || message.type === "log-reset"));
    if (batch.length > 0) apply(batch);
    handOn(all);
  }

  function apply(batch: readonly ServerMessage[]) {
    const becameLive = !isLive() && batch.some((message) => message.type === "snapshot");
    store.update((fleet) => batch.reduce(applyMessage, fleet));
    if (!becameLive) return;
    attempt = 0;
    old = sent;
    cancels.get("poll")?.();
    cancels.get("snapshot")?.();
    say("live");
    for (const [follow, follower] of followers) send({ ...follower.request(), follow });
  }

  function send(message: ClientMessage) {
    socket?.send(JSON.stringify(message));
  }

  function connect() {
    if (stopped) return;
    const opened = world.open();
    socket = opened;
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return;
      const message = parseMessage(data);
      if (message === null) return;
      proof = world.now();
      heard += 1;
      queue.push(message);
      if (queue.length >= mostQueued) flush(true);
      else frame();
    };
    opened.onclose = () => {
      if (socket === opened) dropped();
    };
    later("snapshot", snapshotDeadlineMs, () => {
      opened.close();
      if (socket === opened) dropped();
    });
  }

  function dropped() {
    socket = null;
    flush(true);
    const wasLive = isLive();
    store.update((fleet) => ({ ...fleet, revision: 0 }));
    cancels.get("snapshot")?.();
    if (wasLive) {
      // Nothing was read yet: that it will be is no state to claim.
      say("connecting");
      for (const follower of followers.values()) follower.lost();
      void poll();
    }
    later("connect", backoffMs(attempt), connect);
    attempt += 1;
  }

  async function read() {
    const number = ++sent;
    const [apps, operations] = await Promise.all([api.apps(), api.operations()]);
    if (stopped || isLive() || number <= old) return;
    old = number;
    if (!apps.ok) {
      say("offline");
      return;
    }
    proof = world.now();
    const under = operations.ok ? operations.value : store.get().operations;
    store.update((fleet) => ({ ...withApps(fleet, apps.value), operations: under }));
    say("polling");
  }

  async function poll() {
    await read();
    if (!isLive()) later("poll", pollMs, () => void poll());
  }

  async function health() {
    const before = heard;
    let answer = await api.health();
    // One slow answer is no dead server: it is asked again, unless the socket spoke meanwhile.
    if (!answer.ok && isLive() && heard === before) answer = await api.health();
    if (answer.ok) {
      const { value } = answer;
      proof = world.now();
      store.update((fleet) => withHealth(fleet, value));
    } else if (isLive() && heard === before) {
      // A socket that stays open to a server that does not answer proves nothing.
      const silent = socket;
      dropped();
      silent?.close();
    }
    const unwell = answer.ok && answer.value.status === "degraded";
    later("health", unwell ? healthWhileUnwellMs : healthMs, () => void health());
  }

  return {
    start() {
      void poll();
      void health();
      connect();
    },
    async refresh() {
      if (isLive()) return;
      old = sent;
      await read();
    },
    follow(id, follower) {
      const follow = ++follows;
      followers.set(follow, follower);
      if (isLive()) send({ ...follower.request(), follow });
      else follower.lost();
      return () => {
        if (followers.delete(follow) && isLive()) send({ type: "unfollow", id, follow });
      };
    },
    stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      const open = socket;
      socket = null;
      open?.close();
    },
  };
}
