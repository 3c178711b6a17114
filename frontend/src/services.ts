// Where the parts meet: made once, before React, and used by every component through imports. There is one page, one
// socket and one fleet; a context would only hide that.
import type { History } from "@/api/types";
import { createApi } from "@/api/client";
import { startNavigation } from "@/navigation";
import { createActions } from "@/state/actions";
import { createConnection } from "@/state/connection";
import { emptyFleet } from "@/state/fleet";
import { createList } from "@/state/list";
import { createMetrics, sampleMs } from "@/state/metrics";
import { createStore } from "@/state/store";
import { createViewStore } from "@/state/view";
import { browserWorld } from "@/state/world";
import { notifier } from "./messages";
import { startHead } from "./head";
import { startNotifications } from "./notifications";

function storageOr(get: () => Storage): Storage | null {
  try {
    return get();
  } catch {
    return null; // Forbidden by the browser's settings.
  }
}

export { notifier };
export const api = createApi();
export const fleet = createStore(emptyFleet);
export const view = createViewStore(storageOr(() => localStorage));
/** The rows to show. */
export const list = createList(fleet, view, () => Date.now());
export const connection = createConnection(fleet, api, browserWorld);
export const actions = createActions(fleet, api, connection, notifier);
export const metrics = createMetrics(
  storageOr(() => sessionStorage),
  Date.now(),
);

/** The small graphs begin with what the server remembers: asked for when nothing else is to be done. */
export async function seedMetrics(): Promise<void> {
  const ids = Object.values(fleet.get().apps).flatMap((app) => (app.pid > 0 ? [app.id] : []));
  const histories: Record<string, History> = {};
  for (const id of ids) {
    const answer = await api.history(id);
    if (!answer.ok) break; // Gone, or the server is: the graphs begin now.
    histories[id] = answer.value;
  }
  metrics.seed(histories, Date.now());
}

export function startServices(): void {
  startNavigation(
    view,
    storageOr(() => sessionStorage),
  );
  startHead(fleet, view);
  startNotifications(fleet, view);
  connection.start();
  let { state } = fleet.get().connection;
  window.setInterval(() => metrics.sample(fleet.get(), Date.now()), sampleMs);
  fleet.subscribe(() => {
    const now = fleet.get().connection.state;
    if (now !== state) metrics.sample(fleet.get(), Date.now());
    state = now;
  });
  window.setInterval(() => metrics.save(), 5 * sampleMs);
  window.addEventListener("pagehide", () => metrics.save());
}
