// What a person can ask for. Every action shows at once as pending, ends with the server's own answer, and when it
// fails says in words what happened and what to do next.
import type { Api, Result, Wanted } from "@/api/client";
import { unreachable } from "@/api/problems";
import type { App, BulkAction, EditRequest, Problem } from "@/api/types";
import type { Connection } from "./connection";
import { withApp, withoutApp, withoutPending, withPending, type Fleet, type PendingAction } from "./fleet";
import type { Store } from "./store";

export interface Notifier {
  done(title: string, detail?: string): void;
  failed(title: string, detail: string): void;
  warn(title: string, detail: string): void;
}

export interface Actions {
  stop(id: string): Promise<void>;
  /** Restart, start or recover: what it means follows from the app's status. */
  restart(id: string): Promise<void>;
  sleep(id: string): Promise<void>;
  wake(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Asks whether its pages work; says so where they do, for the page of an app tells only what is wrong. */
  check(id: string): Promise<void>;
  /** Whether it is done. */
  edit(id: string, change: EditRequest): Promise<boolean>;
  /** Of these apps and no others, whatever has come since they were chosen. */
  bulk(action: BulkAction, ids: readonly string[]): Promise<void>;
  /** `told`: shows a problem where it was asked for, and says whether it could; if not, it is said as a message. */
  create(wanted: Wanted, told: (problem: Problem) => boolean): Promise<Result<App>>;
  cancel(operationId: string): Promise<void>;
}

const past: Record<BulkAction, string> = {
  stop: "stopped",
  restart: "restarted",
  sleep: "put to sleep",
  wake: "woken",
  delete: "deleted",
};
const pending: Record<BulkAction, PendingAction> = {
  stop: "stopping",
  restart: "restarting",
  sleep: "sleeping",
  wake: "waking",
  delete: "deleting",
};

export function createActions(store: Store<Fleet>, api: Api, connection: Connection, notify: Notifier): Actions {
  const nameOf = (id: string) => store.get().apps[id]?.name ?? id;

  function merge(id: string, before: App | undefined, answer: App) {
    store.update((fleet) => {
      // Something newer came over the socket meanwhile: it is at least as true as this answer.
      if (fleet.connection.state === "live" && fleet.apps[id] !== before) return fleet;
      return withApp(fleet, answer);
    });
  }

  async function during<T>(ids: readonly string[], action: PendingAction, work: () => Promise<Result<T>>) {
    store.update((fleet) => withPending(fleet, ids, action));
    const result = await work();
    if (result.ok) await connection.refresh();
    store.update((fleet) => withoutPending(fleet, ids));
    return result;
  }

  async function act(id: string, action: PendingAction, call: () => Promise<Result<App>>, verb: string, how = "") {
    const name = nameOf(id);
    const before = store.get().apps[id];
    const result = await during(id === "" ? [] : [id], action, async () => {
      const answer = await call();
      if (answer.ok) merge(id, before, answer.value);
      return answer;
    });
    if (!result.ok) notify.failed(`Could not ${verb} “${name}”${how}`, result.problem.detail);
  }

  function tellFailures(action: BulkAction, failures: { name: string; error: Problem }[], total: number) {
    const [first] = failures;
    if (first === undefined) {
      notify.done(`${total} ${total === 1 ? "app" : "apps"} ${past[action]}`);
      return;
    }
    const shown = failures.slice(0, 3).map(({ name, error }) => `${name}: ${error.detail}`);
    const more = failures.length > shown.length ? [`And ${failures.length - shown.length} more.`] : [];
    notify.failed(`${failures.length} of ${total} could not be ${past[action]}`, [...shown, ...more].join("\n"));
  }

  /** Work on an app that shows nowhere as under way. */
  async function quietly(id: string, call: () => Promise<Result<App>>, failed: string) {
    const before = store.get().apps[id];
    const answer = await call();
    if (answer.ok) merge(id, before, answer.value);
    else notify.failed(failed, answer.problem.detail);
    return answer;
  }

  return {
    async check(id) {
      const answer = await quietly(id, () => api.check(id), `Could not check “${nameOf(id)}”`);
      if (!answer.ok) return;
      const { name, page } = answer.value;
      if (page === null)
        notify.warn(`“${name}” cannot tell`, "Its development server does not say whether its pages work.");
      else if (page.state === "working") notify.done(`The pages of “${name}” work`);
      else if (page.state === "unchecked") notify.warn(`“${name}” did not say`, page.reason ?? "It is not known why.");
    },
    edit: async (id, change) => (await quietly(id, () => api.edit(id, change), `Could not change “${nameOf(id)}”`)).ok,
    stop: (id) => act(id, "stopping", () => api.stop(id), "stop"),
    restart(id) {
      const running = (store.get().apps[id]?.pid ?? 0) > 0;
      return act(id, running ? "restarting" : "starting", () => api.restart(id), running ? "restart" : "start");
    },
    sleep: (id) => act(id, "sleeping", () => api.sleep(id), "put", " to sleep"),
    wake: (id) => act(id, "waking", () => api.wake(id), "wake"),
    async remove(id) {
      const name = nameOf(id);
      const verb = store.get().apps[id]?.owned === false ? "Forgot" : "Deleted";
      const result = await during([id], "deleting", () => api.remove(id));
      if (!result.ok) {
        notify.failed(`Could not delete “${name}”`, result.problem.detail);
        return;
      }
      store.update((fleet) => withoutApp(fleet, id));
      if (result.value.warning === null) notify.done(`${verb} “${name}”`);
      else notify.warn(`${verb} “${name}”, but something remains`, result.value.warning);
    },
    async bulk(action, ids) {
      const names = new Map(ids.map((id) => [id, nameOf(id)]));
      const result = await during(ids, pending[action], () => api.bulk(action, ids));
      if (!result.ok) {
        notify.failed(`The apps could not be ${past[action]}`, result.problem.detail);
        return;
      }
      const failures = result.value
        .filter((one) => !one.ok)
        .map((one) => ({ name: names.get(one.id) ?? one.id, error: one.error ?? unreachable }));
      tellFailures(action, failures, result.value.length);
    },
    async create(wanted, told) {
      const result = await api.create(wanted);
      await connection.refresh();
      if (result.ok) {
        store.update((fleet) => (result.value.id in fleet.apps ? fleet : withApp(fleet, result.value)));
        notify.done(
          `“${result.value.name}” is created`,
          `Its development server is starting on port ${result.value.port}.`,
        );
      } else if (!told(result.problem) && result.problem.code !== "cancelled") {
        notify.failed("The app could not be created", result.problem.detail);
      }
      return result;
    },
    async cancel(operationId) {
      const result = await api.cancel(operationId);
      await connection.refresh();
      if (!result.ok) notify.failed("Could not cancel", result.problem.detail);
    },
  };
}
