// Where the parts meet: made once, before React, and used by every component through imports. There is one page, one
// socket and one fleet; a context would only hide that.
import { toast } from "sonner";
import { createApi } from "@/api/client";
import { createActions, type Notifier } from "@/state/actions";
import { createConnection } from "@/state/connection";
import { emptyFleet } from "@/state/fleet";
import { createList } from "@/state/list";
import { createMetrics, sampleMs } from "@/state/metrics";
import { createStore } from "@/state/store";
import { createViewStore } from "@/state/view";
import { browserWorld } from "@/state/world";

function storageOr(get: () => Storage): Storage | null {
  try {
    return get();
  } catch {
    return null; // Forbidden by the browser's settings.
  }
}

/** Failures stay long enough to be read twice; they are also said to screen readers by the toaster's live region. */
const failureMs = 12_000;

export const notifier: Notifier = {
  done: (title, description) => toast.success(title, { description }),
  warn: (title, description) => toast.warning(title, { description, duration: failureMs }),
  failed: (title, description) => toast.error(title, { description, duration: failureMs }),
};

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

export function startServices(): void {
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
