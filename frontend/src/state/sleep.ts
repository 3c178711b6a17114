// Which apps sleep, which can be put to sleep, and the words for when they do. Pure.
import type { App, AppStatus, Health } from "@/api/types";
import { duration } from "@/format";
import { isBroken } from "./trouble";

/** An app that falls asleep is marked already, but its processes may live still. */
export function isAsleep(app: Pick<App, "status" | "asleep">): boolean {
  return app.asleep && app.status === "stopped";
}

export function isRunning(app: Pick<App, "pid" | "status">): boolean {
  return app.pid > 0 || app.status === "online" || app.status === "launching";
}

/** A sleeping app is opened like one that is online: that wakes it. */
export function canOpen(app: Pick<App, "status" | "asleep">): boolean {
  return app.status === "online" || isAsleep(app);
}

/** Its status as the dashboard tells it: stopped is for those that wait to be started. */
export type Standing = AppStatus | "broken" | "asleep";

export function standingOf(app: Pick<App, "status" | "asleep" | "page">): Standing {
  return isBroken(app) ? "broken" : plainStanding(app);
}

/** The same, whether its page works or not. */
export function plainStanding(app: Pick<App, "status" | "asleep">): AppStatus | "asleep" {
  return isAsleep(app) ? "asleep" : app.status;
}

/** What runs and stays awake. `chosen`: one by one, and so one that is kept awake may be among them. */
export function idsToSleep(apps: readonly App[], chosen: boolean): string[] {
  return apps.filter((app) => isRunning(app) && !app.asleep && (chosen || !app.keepAwake)).map((app) => app.id);
}

export function idsToWake(apps: readonly App[]): string[] {
  return apps.filter(isAsleep).map((app) => app.id);
}

/** "1 h", "30 min", "1m 30s". */
function span(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : duration(seconds * 1_000);
}

/** When this Berth puts an app to sleep by itself. */
export function bedtimeOf({ afterSeconds, memoryFloorPercent }: Health["sleep"]): string {
  const when = [];
  if (afterSeconds !== null) when.push(`when nobody had it open for ${span(afterSeconds)}`);
  if (memoryFloorPercent > 0) when.push(`when less than ${memoryFloorPercent} % of the memory is left`);
  return [...when, `${when.length > 0 ? "or " : ""}to make room for another`].join(", ");
}

/** What becomes of an app that nobody looks at. */
export function outlookOf(keepAwake: boolean, rule: Health["sleep"] | undefined): string {
  if (keepAwake) return "It sleeps only when somebody puts it to sleep.";
  const when = rule === undefined ? "when nobody had it open for long" : bedtimeOf(rule);
  return `It is put to sleep ${when}. It wakes when it is opened.`;
}
