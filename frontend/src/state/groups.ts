// Which rows are shown, in which group and order. Pure, so that the rules stand in table tests.
import type { App } from "@/api/types";
import { visibleOperations, type Fleet } from "./fleet";
import { plainStanding, standingOf, type Standing } from "./sleep";
import { isBroken, troubleRank } from "./trouble";
import { has, noCategory, type SortKey, type StatusFilter, type View } from "./view";

export interface Group {
  /** The category, `noCategory`, or `everything`. */
  key: string;
  ids: string[];
  /** Ids of the creates under way in it. */
  operations: string[];
}

/** The one group where the list is not grouped. */
export const everything = "\u0000all";

/** Sorting by what needs a person first, not by the alphabet. */
const statusRank: Record<Standing, number> = {
  errored: 0,
  unknown: 1,
  launching: 2,
  broken: 3,
  online: 3,
  asleep: 4,
  stopped: 5,
};

const comparers: Record<SortKey, (a: App, b: App) => number> = {
  trouble: (a, b) => troubleRank(a) - troubleRank(b),
  createdAt: (a, b) => a.createdAt.localeCompare(b.createdAt),
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
  port: (a, b) => a.port - b.port,
  status: (a, b) => statusRank[standingOf(a)] - statusRank[standingOf(b)] || troubleRank(a) - troubleRank(b),
  uptime: (a, b) => (b.startedAt ?? Infinity) - (a.startedAt ?? Infinity),
  memory: (a, b) => a.memoryMB - b.memoryMB,
  cpu: (a, b) => a.cpuPercent - b.cpuPercent,
};

/** Sorts whose key moves all the time; their order is only renewed now and then, so that rows do not jump. */
export function isRestless(key: SortKey): boolean {
  return key === "memory" || key === "cpu";
}

function matches(text: string, name: string, port: number | null, category: string | null, id: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  return [name, String(port ?? ""), category ?? "", id].some((field) => field.toLowerCase().includes(wanted));
}

export type Filter = Pick<View, "search" | "status" | "category" | "sort" | "grouped" | "pinned">;

/** One with a broken page is online too; one that sleeps is not stopped. */
export function hasStatus(app: Pick<App, "status" | "asleep" | "page">, wanted: StatusFilter | null): boolean {
  if (wanted === null) return true;
  if (wanted === "broken") return isBroken(app);
  return wanted === plainStanding(app);
}

/** In the order that was chosen; among equals, or always but after what is wrong, the pinned ones first. */
function comparer({ sort, pinned }: Filter, still: Fleet["apps"]): (a: App, b: App) => number {
  const direction = sort.descending ? -1 : 1;
  const chosen = (a: App, b: App) => direction * comparers[sort.key](still[a.id] ?? a, still[b.id] ?? b);
  const pins = (a: App, b: App) => Number(has(pinned, b.id)) - Number(has(pinned, a.id));
  if (sort.key !== "trouble") return (a, b) => pins(a, b) || chosen(a, b) || a.port - b.port;
  return (a, b) => chosen(a, b) || pins(a, b) || comparers.createdAt(b, a) || a.port - b.port;
}

function compareKeys(a: string, b: string): number {
  return Number(a === noCategory) - Number(b === noCategory) || a.localeCompare(b);
}

/**
 * `still`: the apps as they are compared, where the order is to stay although the numbers move. A create is shown
 * whatever status is asked for: it has none yet, and who waits for it must see it.
 */
export function groupsOf(fleet: Fleet, view: Filter, still: Fleet["apps"] = fleet.apps): Group[] {
  const groups = new Map<string, { apps: App[]; operations: string[] }>();
  const groupFor = (category: string | null) => {
    const key = view.grouped ? (category ?? noCategory) : everything;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { apps: [], operations: [] }));
    return group;
  };
  const inCategory = (category: string | null) => view.category === null || (category ?? noCategory) === view.category;

  for (const id of fleet.order) {
    const app = fleet.apps[id];
    if (app === undefined || !inCategory(app.category)) continue;
    if (!hasStatus(app, view.status)) continue;
    if (matches(view.search, app.name, app.port, app.category, app.id)) groupFor(app.category).apps.push(app);
  }
  for (const operation of visibleOperations(fleet)) {
    if (!inCategory(operation.category)) continue;
    if (!matches(view.search, operation.name, operation.port, operation.category, operation.id)) continue;
    groupFor(operation.category).operations.push(operation.id);
  }

  const compare = comparer(view, still);
  // What is wrong comes first, in whatever category it is.
  const worst = (apps: readonly App[]) => (view.sort.key === "trouble" ? Math.min(2, ...apps.map(troubleRank)) : 0);
  return [...groups]
    .sort(([a, one], [b, other]) => worst(one.apps) - worst(other.apps) || compareKeys(a, b))
    .map(([key, { apps, operations }]) => ({ key, ids: apps.sort(compare).map((app) => app.id), operations }));
}

export function categoriesOf(fleet: Fleet): string[] {
  const all = new Set<string>();
  for (const app of Object.values(fleet.apps)) all.add(app.category ?? noCategory);
  return [...all].sort(compareKeys);
}

export function idsIn(fleet: Fleet, category: string | null): string[] {
  return fleet.order.filter((id) => category === null || (fleet.apps[id]?.category ?? noCategory) === category);
}
