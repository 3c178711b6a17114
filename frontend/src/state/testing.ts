// Stand-ins for the tests: apps with sensible fields, a world whose clock the test moves, an api whose answers it sets.
import type { Api } from "@/api/client";
import { unreachable } from "@/api/problems";
import type { App, Health, Operation, PageIssue, Template } from "@/api/types";
import type { Socket, World } from "./connection";

export function anApp(fields: Partial<App> & { id: string }): App {
  return {
    name: `app ${fields.id}`,
    category: null,
    owned: true,
    slug: fields.id,
    directory: `./created-apps/${fields.id}`,
    script: "dev",
    packageManager: "npm",
    lan: false,
    keepAwake: false,
    notes: null,
    port: 3100,
    createdAt: "2026-01-31T14:30:00.000Z",
    template: null,
    intent: "run",
    asleep: false,
    pmId: 1,
    pid: 4000,
    status: "online",
    statusReason: null,
    memoryMB: 100,
    cpuPercent: 1,
    wrapperMemoryMB: 60,
    startedAt: 0,
    restarts: 0,
    exitCode: null,
    exitSignal: null,
    operation: null,
    url: `http://localhost:${fields.port ?? 3100}`,
    exposed: false,
    pending: [],
    lastOpenedAt: null,
    page: null,
    git: null,
    ...fields,
  };
}

export function anOperation(fields: Partial<Operation> & { id: string }): Operation {
  return {
    kind: "create",
    name: `new ${fields.id}`,
    category: null,
    port: 3150,
    phase: "scaffolding",
    line: null,
    startedAt: "2026-01-31T14:30:00.000Z",
    error: null,
    request: null,
    ...fields,
  };
}

export function aTemplate(name: string): Template {
  const facts = { node: null, packageManager: null, nextVersion: null, commit: null, bytes: null, operation: null };
  return { name, source: `/src/${name}`, builtIn: false, madeAt: "2026-01-31T14:30:00.000Z", ...facts };
}

/** The page of an app that shows this error. */
export function brokenBy(fields: Partial<PageIssue> = {}, errors = 1): App["page"] {
  const first = {
    file: "src/app/page.tsx",
    line: 70,
    column: 18,
    title: "Expression expected",
    frame: null,
    ...fields,
  };
  return { state: "broken", errors, first, checkedAt: "2026-01-31T14:30:00.000Z", reason: null };
}

export class FakeSocket implements Socket {
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly sent: unknown[] = [];
  closed = false;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  drop(): void {
    this.onclose?.();
  }
}

interface Timer {
  at: number;
  task: () => void;
}

export class FakeWorld implements World {
  clock = 1_000_000;
  readonly sockets: FakeSocket[] = [];
  private timers: Timer[] = [];
  private frames: (() => void)[] = [];

  open(): Socket {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  now(): number {
    return this.clock;
  }
  frame(task: () => void): void {
    this.frames.push(task);
  }
  after(ms: number, task: () => void): () => void {
    const timer = { at: this.clock + ms, task };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("no socket was opened");
    return last;
  }
  draw(): void {
    const due = this.frames;
    this.frames = [];
    for (const task of due) task();
  }
  /** Lets time pass, firing timers in order, with every promise in between settled. */
  async pass(ms: number): Promise<void> {
    const end = this.clock + ms;
    for (;;) {
      await settled();
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.clock = Math.max(this.clock, next.at);
      next.task();
    }
    this.clock = end;
    await settled();
  }
}

/** After every promise that can settle by itself has. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export const someHealth: Health = {
  status: "ok",
  version: "0.1.0",
  startedAt: "2026-01-31T14:30:00.000Z",
  uptimeSeconds: 1,
  root: "/home/somebody/berth",
  limits: { maxRunning: 20, portRange: [3100, 3199] },
  pm2: { connected: true, daemonPid: 1, version: "7.0.4", bridgePid: 2, bridgeRestarts: 0, error: null },
  syncs: { count: 1, failed: 0, lastAt: null, lastMs: 2, pm2Calls: 1 },
  orphans: [],
  problems: [],
  disk: { apps: null, logs: null, templates: null, trash: null },
  sleep: { afterSeconds: 3_600, memoryFloorPercent: 10, asleep: 0 },
  machine: { cores: 8, memoryTotalMB: 32_000, memoryUsedMB: 1_000, cpuPercent: 1 },
  clients: 1,
};

/** Answers with what `server` holds, or not at all while `server.up` is false. */
export function fakeApi(
  server: { up: boolean; apps: App[]; operations: Operation[] },
  overrides: Partial<Api> = {},
): Api {
  const answer = <T>(value: () => T) =>
    Promise.resolve(
      server.up ? ({ ok: true, value: value() } as const) : ({ ok: false, problem: unreachable } as const),
    );
  const app = (id: string) => answer(() => server.apps.find((one) => one.id === id) ?? anApp({ id }));
  return {
    apps: () => answer(() => [...server.apps]),
    operations: () => answer(() => [...server.operations]),
    health: () => answer(() => someHealth),
    templates: () => answer(() => []),
    why: () =>
      answer(() => ({ status: "online", sentence: "It is well.", exit: null, page: null, lastWords: [], hints: [] })),
    history: () => answer(() => ({ at: [], cpuPercent: [], memoryMB: [], status: [] })),
    activity: () => answer(() => ({ entries: [], before: null })),
    check: app,
    edit: app,
    addTemplate: (name) => answer(() => aTemplate(name)),
    refreshTemplate: (name) => answer(() => aTemplate(name)),
    removeTemplate: () => answer(() => null),
    create: () => answer(() => anApp({ id: "created" })),
    stop: app,
    restart: app,
    sleep: app,
    wake: app,
    remove: () => answer(() => ({ warning: null })),
    bulk: () => answer(() => []),
    cancel: (id) => answer(() => anOperation({ id })),
    logs: () => answer(() => ({ stdout: "", stderr: "" })),
    ...overrides,
  };
}
