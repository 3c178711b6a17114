import { beforeEach, expect, it } from "vitest";
import { emptyFleet, withApps, type Fleet } from "./fleet";
import type { Group } from "./groups";
import { createList, idsOf, rowsOf, selectionIn } from "./list";
import { createStore, type ReadableStore, type Store } from "./store";
import { anApp } from "./testing";
import { createViewStore, type View } from "./view";

const a = anApp({ id: "a", name: "alpha", category: "demos", cpuPercent: 1, createdAt: "2026-01-02" });
const b = anApp({ id: "b", name: "beta", category: "demos", cpuPercent: 2, createdAt: "2026-01-01" });
let fleet: Store<Fleet>;
let view: Store<View>;
let list: ReadableStore<readonly Group[]>;
let clock: number;
const change = (...apps: (typeof a)[]) => fleet.update((before) => withApps(before, apps));

beforeEach(() => {
  clock = 0;
  fleet = createStore(withApps(emptyFleet, [a, b]));
  view = createViewStore(null);
  list = createList(fleet, view, () => clock);
});

it("tells nobody of what does not change the rows", () => {
  let told = 0;
  list.subscribe(() => told++);
  change({ ...a, memoryMB: 200 }, b);
  view.update((v) => ({ ...v, current: "a" }));
  expect(told).toBe(0);
});

it("regroups an app whose category changed", () => {
  change({ ...a, category: "labs" }, b);
  expect(list.get().map((group) => [group.key, group.ids])).toEqual([
    ["demos", ["b"]],
    ["labs", ["a"]],
  ]);
});

it("sorted by what never rests, it holds still for a while", () => {
  view.update((v) => ({ ...v, sort: { key: "cpu", descending: true } }));
  expect(idsOf(list.get())).toEqual(["b", "a"]);
  clock = 9_999;
  change({ ...a, cpuPercent: 50 }, b);
  expect(idsOf(list.get())).toEqual(["b", "a"]);
  clock = 10_000;
  change({ ...a, cpuPercent: 51 }, b);
  expect(idsOf(list.get())).toEqual(["a", "b"]);
});

it("what is filtered out is not selected, and is again when it is back in sight", () => {
  const selected = { a: true, b: true, gone: true } as const;
  view.update((v) => ({ ...v, search: "alpha" }));
  expect(selectionIn(list.get(), selected)).toEqual(["a"]);
  view.update((v) => ({ ...v, search: "" }));
  expect(selectionIn(list.get(), selected)).toEqual(["a", "b"]);
});

it("a collapsed group has no rows", () => {
  expect(rowsOf(list.get(), { demos: true })).toEqual([]);
  expect(rowsOf(list.get(), {})).toEqual(["a", "b"]);
});
