// The rows to show, as a store of their own: made anew from the fleet and the view whenever either changes, and handed
// on only if it says something else. So whoever shows the list, selects in it or moves through it sees the same rows.
import type { Fleet } from "./fleet";
import { groupsOf, isRestless, type Filter, type Group } from "./groups";
import { createStore, type ReadableStore } from "./store";
import { has, type View } from "./view";

/** Sorted by a number that never rests, rows hold still under the pointer for so long. */
const restMs = 10_000;

export function createList(
  fleet: ReadableStore<Fleet>,
  view: ReadableStore<View>,
  now: () => number,
): ReadableStore<readonly Group[]> {
  let still: { apps: Fleet["apps"]; sort: Filter["sort"]; at: number } | null = null;

  /** The apps by which to sort: as they are, or as they were a moment ago. */
  function compared(sort: Filter["sort"]): Fleet["apps"] {
    const { apps } = fleet.get();
    if (!isRestless(sort.key)) return apps;
    if (still === null || still.sort !== sort || now() - still.at >= restMs) still = { apps, sort, at: now() };
    return still.apps;
  }

  const make = () => groupsOf(fleet.get(), view.get(), compared(view.get().sort));
  const list = createStore<readonly Group[]>(make());
  const renew = () => {
    const next = make();
    list.update((before) => (JSON.stringify(before) === JSON.stringify(next) ? before : next));
  };
  fleet.subscribe(renew);
  view.subscribe(renew);
  return list;
}

/** Every app that the filter lets through, in order. */
export function idsOf(groups: readonly Group[]): string[] {
  return groups.flatMap((group) => group.ids);
}

/** Those that have a row: not in a collapsed group. */
export function rowsOf(groups: readonly Group[], collapsed: View["collapsed"]): string[] {
  return groups.flatMap((group) => (has(collapsed, group.key) ? [] : group.ids));
}

/** The selection that may be acted on: what is filtered out is out of sight, and nothing out of sight is touched. */
export function selectionIn(groups: readonly Group[], selected: View["selected"]): string[] {
  return idsOf(groups).filter((id) => has(selected, id));
}
