// What the dashboard knows of the server's apps, and the pure rules by which messages and answers change it.
//
// Two sources feed it: the socket, whose messages carry a revision, and REST reads, which carry none. The socket wins:
// while it is live a read is only news if nothing newer arrived since the read was sent.
import type { ServerMessage } from "@/api/messages";
import type { ActivityEntry, App, Health, Notice, Operation } from "@/api/types";

export type PendingAction = NonNullable<App["operation"]>;

export interface ConnectionState {
  /** live: the socket tells every change. polling: reads every 3 s. offline: neither works. connecting: not known yet. */
  state: "connecting" | "live" | "polling" | "offline";
  /** When (ms) the state shown was last known to be true; null before the first answer. */
  asOf: number | null;
}

export interface Fleet {
  loaded: boolean;
  /** Of the newest message applied on the present socket; 0 when there is none. */
  revision: number;
  apps: Readonly<Record<string, App>>;
  /** Newest first, as the server sends them. */
  order: readonly string[];
  operations: readonly Operation[];
  /** The last few creates that ended, so that a dialog can still say how. */
  ended: readonly Operation[];
  problems: readonly Notice[];
  /** What happened since this page listens, newest first, and not more than a page of it. */
  activity: readonly ActivityEntry[];
  health: Health | null;
  /** The version of the server that this page came from, as far as it knows. */
  version: string | null;
  connection: ConnectionState;
  /** Asked for by this page and not answered yet. */
  pending: Readonly<Record<string, PendingAction>>;
}

export const emptyFleet: Fleet = {
  loaded: false,
  revision: 0,
  apps: {},
  order: [],
  operations: [],
  ended: [],
  problems: [],
  activity: [],
  health: null,
  version: null,
  connection: { state: "connecting", asOf: null },
  pending: {},
};

const endedKept = 8;
const activityKept = 200;

/** Keeps the object of an app that did not change, so that its row does not render again. */
function sameOrNew(old: App | undefined, fresh: App): App {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(fresh) ? old : fresh;
}

export function withApps(fleet: Fleet, list: readonly App[]): Fleet {
  const apps: Record<string, App> = {};
  for (const app of list) apps[app.id] = sameOrNew(fleet.apps[app.id], app);
  return { ...fleet, loaded: true, apps, order: list.map((app) => app.id) };
}

export function withApp(fleet: Fleet, app: App): Fleet {
  const known = fleet.apps[app.id];
  const kept = sameOrNew(known, app);
  if (kept === known) return fleet;
  const apps = { ...fleet.apps, [app.id]: kept };
  if (known !== undefined) return { ...fleet, apps };
  const order = [...fleet.order, app.id].sort((a, b) =>
    (apps[b]?.createdAt ?? "").localeCompare(apps[a]?.createdAt ?? ""),
  );
  return { ...fleet, apps, order };
}

export function withoutApp(fleet: Fleet, id: string): Fleet {
  if (!(id in fleet.apps)) return fleet;
  const apps = Object.fromEntries(Object.entries(fleet.apps).filter(([other]) => other !== id));
  return { ...fleet, apps, order: fleet.order.filter((other) => other !== id) };
}

export function withOperation(fleet: Fleet, operation: Operation): Fleet {
  const others = fleet.operations.filter((other) => other.id !== operation.id);
  const over = operation.phase === "done" || operation.phase === "failed" || operation.phase === "cancelled";
  if (over) {
    const ended = [...fleet.ended.filter((other) => other.id !== operation.id), operation].slice(-endedKept);
    return { ...fleet, operations: others, ended };
  }
  const known = fleet.operations.findIndex((other) => other.id === operation.id);
  const operations = known < 0 ? [...others, operation] : fleet.operations.with(known, operation);
  return { ...fleet, operations };
}

/** A message of the socket. Log messages are no state and pass by. */
export function applyMessage(fleet: Fleet, message: ServerMessage): Fleet {
  switch (message.type) {
    case "snapshot":
      if (message.revision < fleet.revision) return fleet;
      return {
        ...withApps(fleet, message.apps),
        revision: message.revision,
        operations: message.operations,
        problems: message.problems,
      };
    case "app":
      if (message.revision < fleet.revision) return fleet;
      return { ...withApp(fleet, message.app), revision: message.revision };
    case "removed":
      if (message.revision < fleet.revision) return fleet;
      return { ...withoutApp(fleet, message.id), revision: message.revision };
    case "operation":
      return withOperation(fleet, message.operation);
    case "activity":
      return { ...fleet, activity: [message.entry, ...fleet.activity].slice(0, activityKept) };
    case "event":
    case "log":
    case "log-reset":
    case "error":
      return fleet;
  }
}

/** The socket tells of problems as they come and go; without it, a health read does. */
export function withHealth(fleet: Fleet, health: Health): Fleet {
  const problems = fleet.connection.state === "live" ? fleet.problems : health.problems;
  return { ...fleet, health, problems, version: fleet.version ?? health.version };
}

/** The version of a server that is not the one this page came from: the page may not fit it. */
export function newVersion({ health, version }: Fleet): string | null {
  return health !== null && health.version !== version ? health.version : null;
}

/** While nothing is heard of the server, when it was: clocks of what runs there stand still then. Else null. */
export function lastHeard({ connection }: Fleet): number | null {
  return connection.state === "offline" ? connection.asOf : null;
}

export type Condition = "asking" | "silent" | "trouble" | "well";

/** How Berth itself is, as far as it is known now. */
export function conditionOf({ connection, health, problems }: Fleet): Condition {
  if (connection.state === "offline") return "silent";
  if (problems.length > 0 || health?.status === "degraded") return "trouble";
  return health === null || connection.state === "connecting" ? "asking" : "well";
}

export function withPending(fleet: Fleet, ids: readonly string[], action: PendingAction): Fleet {
  const added = Object.fromEntries(ids.map((id) => [id, action]));
  return { ...fleet, pending: { ...fleet.pending, ...added } };
}

export function withoutPending(fleet: Fleet, ids: readonly string[]): Fleet {
  const gone = new Set(ids);
  return { ...fleet, pending: Object.fromEntries(Object.entries(fleet.pending).filter(([id]) => !gone.has(id))) };
}

/** What is under way for an app: the server's word, or what this page asked for a moment ago. */
export function underWay(fleet: Fleet, id: string): PendingAction | null {
  return fleet.apps[id]?.operation ?? fleet.pending[id] ?? null;
}

/** Creates that have no row of their own yet. */
export function visibleOperations(fleet: Fleet): Operation[] {
  return fleet.operations.filter(({ kind, id }) => kind === "create" && !(id in fleet.apps));
}
