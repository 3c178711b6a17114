// The one place that speaks HTTP with the server. Every call returns a value: the answer or a problem, never an
// exception, because a refused or lost request is an expected outcome here and each caller has words for it.
import createClient from "openapi-fetch";
import { asProblem, unreachable } from "./problems";
import type { paths } from "./schema";
import type {
  Activity,
  App,
  BulkAction,
  BulkResult,
  CreateRequest,
  EditRequest,
  Health,
  History,
  Operation,
  Problem,
  Stream,
  Template,
  Why,
} from "./types";

export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** Reads must answer within this; work (create, stop, delete) may take as long as it takes. */
const readDeadlineMs = 5_000;

/** A create; `request` is a word of ours that comes back in its operation. */
export type Wanted = CreateRequest & { request: string };

export interface Api {
  apps(): Promise<Result<App[]>>;
  operations(): Promise<Result<Operation[]>>;
  health(): Promise<Result<Health>>;
  templates(): Promise<Result<Template[]>>;
  why(id: string): Promise<Result<Why>>;
  history(id: string): Promise<Result<History>>;
  /** Newest first; of one app, or of all. */
  activity(wanted: { app?: string; before?: number; limit?: number }): Promise<Result<Activity>>;
  create(wanted: Wanted): Promise<Result<App>>;
  stop(id: string): Promise<Result<App>>;
  restart(id: string): Promise<Result<App>>;
  sleep(id: string): Promise<Result<App>>;
  wake(id: string): Promise<Result<App>>;
  /** Asks its dev server whether its pages work; that may make it compile. */
  check(id: string): Promise<Result<App>>;
  edit(id: string, change: EditRequest): Promise<Result<App>>;
  addTemplate(name: string, source: string): Promise<Result<Template>>;
  refreshTemplate(name: string): Promise<Result<Template>>;
  removeTemplate(name: string): Promise<Result<unknown>>;
  remove(id: string): Promise<Result<{ warning: string | null }>>;
  bulk(action: BulkAction, ids: readonly string[]): Promise<Result<BulkResult[]>>;
  cancel(operationId: string): Promise<Result<Operation>>;
  /** The last lines of each stream; with `after` the first ones from there on, with `since` only what came since then. */
  logs(id: string, tail: number, more?: { after?: string; since?: number }): Promise<Result<LogText>>;
}

export interface LogText {
  stdout: string;
  stderr: string;
  /** The bytes behind what was looked at. */
  next?: Readonly<Record<Stream, number>>;
}

export function logDownloadUrl(id: string, stream: Stream): string {
  return `/api/apps/${encodeURIComponent(id)}/logs/${stream}`;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function settle<T>(request: Promise<Answer<T>>): Promise<Result<T>> {
  try {
    const { data, error, response } = await request;
    if (response.ok && data !== undefined) return { ok: true, value: data };
    return { ok: false, problem: asProblem(error, response.status) };
  } catch {
    return { ok: false, problem: unreachable };
  }
}

export function createApi(baseUrl = ""): Api {
  const http = createClient<paths>({ baseUrl });
  const reading = () => ({ signal: AbortSignal.timeout(readDeadlineMs), cache: "no-store" as const });
  const one = (id: string) => ({ params: { path: { id } } });
  return {
    apps: () => settle(http.GET("/api/apps", reading())),
    operations: () => settle(http.GET("/api/operations", reading())),
    health: () => settle(http.GET("/api/health", reading())),
    templates: () => settle(http.GET("/api/templates", reading())),
    why: (id) => settle(http.GET("/api/apps/{id}/why", { ...reading(), ...one(id) })),
    history: (id) => settle(http.GET("/api/apps/{id}/history", { ...reading(), ...one(id) })),
    activity: (query) => settle(http.GET("/api/activity", { ...reading(), params: { query } })),
    check: (id) => settle(http.POST("/api/apps/{id}/check", one(id))),
    edit: (id, body) => settle(http.PATCH("/api/apps/{id}", { ...one(id), body })),
    addTemplate: (name, source) => settle(http.POST("/api/templates", { body: { name, source } })),
    refreshTemplate: (name) => settle(http.POST("/api/templates/{id}/refresh", one(name))),
    removeTemplate: (name) => settle(http.DELETE("/api/templates/{id}", one(name))),
    create: (wanted) => settle(http.POST("/api/apps", { body: wanted })),
    stop: (id) => settle(http.POST("/api/apps/{id}/stop", one(id))),
    restart: (id) => settle(http.POST("/api/apps/{id}/restart", one(id))),
    sleep: (id) => settle(http.POST("/api/apps/{id}/sleep", one(id))),
    wake: (id) => settle(http.POST("/api/apps/{id}/wake", one(id))),
    remove: (id) => settle(http.DELETE("/api/apps/{id}", { params: { path: { id }, query: { cleanup: "true" } } })),
    bulk: async (action, ids) => {
      const result = await settle(http.POST("/api/apps/actions", { body: { action, ids: [...ids] } }));
      return result.ok ? { ok: true, value: result.value.results } : result;
    },
    cancel: (id) => settle(http.DELETE("/api/operations/{id}", one(id))),
    logs: (id, tail, more) =>
      settle(http.GET("/api/apps/{id}/logs", { ...reading(), params: { path: { id }, query: { tail, ...more } } })),
  };
}
