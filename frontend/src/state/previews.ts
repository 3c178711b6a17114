// Which apps the gallery may show live. Pure.
import type { App } from "@/api/types";

/** A frame is a whole page with its own processes. */
export const mostPreviews = 6;

/**
 * Somebody opened it since it started: what is shown then was compiled already, and a preview starts nothing. One that
 * sleeps would be woken by it, and one that falls asleep too.
 */
export function canPreview(app: Pick<App, "status" | "asleep" | "startedAt" | "lastOpenedAt" | "operation">): boolean {
  if (app.status !== "online" || app.asleep || app.operation !== null) return false;
  return app.startedAt !== null && app.lastOpenedAt !== null && app.lastOpenedAt > app.startedAt;
}

/** The first few, in the order shown, of those in sight. */
export function previewed(
  ids: readonly string[],
  inSight: ReadonlySet<string>,
  apps: Readonly<Record<string, App>>,
): string[] {
  return ids
    .filter((id) => {
      const app = apps[id];
      return inSight.has(id) && app !== undefined && canPreview(app);
    })
    .slice(0, mostPreviews);
}
