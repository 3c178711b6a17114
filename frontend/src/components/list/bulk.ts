// Actions on many apps. Stopping and restarting a few acts at once; anything that deletes, or touches every app, asks.
import type { BulkSelector } from "@/api/client";
import type { BulkAction } from "@/api/types";
import { actions, fleet, view } from "@/services";
import { plural } from "@/format";

let asked: BulkSelector = { ids: [] };

/** Runs the action that the open dialog asked about. */
export function confirmBulk(action: BulkAction, ids: string[]): void {
  void actions.bulk(action, asked, ids);
  view.update((v) => ({ ...v, selected: {} }));
}

function hasSomethingToStop(id: string): boolean {
  const app = fleet.get().apps[id];
  return app !== undefined && app.status !== "stopped" && app.status !== "unknown";
}

export function askBulk(action: BulkAction, selector: BulkSelector, ids: string[], where: string): void {
  const chosen = action === "stop" ? ids.filter(hasSomethingToStop) : ids;
  if (chosen.length === 0) return;
  asked = "ids" in selector ? { ids: chosen } : selector;
  const what = `${plural(chosen.length, "app")} ${where}`.trim();
  if (action === "delete") {
    view.update((v) => ({ ...v, dialog: { kind: "delete", ids: chosen, what } }));
  } else if ("all" in selector) {
    view.update((v) => ({ ...v, dialog: { kind: "confirm-bulk", action, ids: chosen, what } }));
  } else {
    confirmBulk(action, chosen);
  }
}
