// Actions on many apps. Stopping and restarting a few acts at once; anything that deletes, or touches every app, asks.
// What is acted on are the apps that were seen when it was asked for, by their ids: one that comes meanwhile is no part
// of it.
import type { App, BulkAction } from "@/api/types";
import { actions, fleet, view } from "@/services";
import { plural } from "@/format";
import { isAsleep } from "@/state/sleep";
import { selectMany } from "./selection";

/** One that sleeps is to be left alone when it is opened, too. */
function hasSomethingToStop(app: App): boolean {
  return isAsleep(app) || (app.status !== "stopped" && app.status !== "unknown");
}

export function runBulk(action: BulkAction, apps: readonly App[]): void {
  const [first] = apps;
  const ids = apps.map((app) => app.id);
  if (action === "delete" && apps.length === 1 && first !== undefined) void actions.remove(first.id);
  else void actions.bulk(action, ids);
  selectMany(ids, false);
}

export function askBulk(action: BulkAction, ids: readonly string[], where: string, all = false): void {
  const known = ids.flatMap((id) => fleet.get().apps[id] ?? []);
  const apps = action === "stop" ? known.filter(hasSomethingToStop) : known;
  if (apps.length === 0) return;
  const what = `${plural(apps.length, "app")} ${where}`;
  if (action === "delete" || all) view.update((v) => ({ ...v, dialog: { kind: "bulk", action, apps, what } }));
  else runBulk(action, apps);
}
