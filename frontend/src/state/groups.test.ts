import { describe, expect, it } from "vitest";
import { emptyFleet, withApps, withOperation } from "./fleet";
import { everything, groupsOf, idsIn } from "./groups";
import { anApp, anOperation, brokenBy } from "./testing";
import { has, initialView, toggled, type View } from "./view";

const apps = [
  anApp({
    id: "1",
    name: "Zebra",
    category: "demos",
    port: 3103,
    status: "errored",
    cpuPercent: 5,
    createdAt: "2026-01-03",
  }),
  anApp({
    id: "2",
    name: "app 10",
    category: null,
    port: 3102,
    status: "online",
    cpuPercent: 50,
    createdAt: "2026-01-02",
  }),
  anApp({
    id: "3",
    name: "app 9",
    category: "demos",
    port: 3101,
    status: "stopped",
    cpuPercent: 0,
    createdAt: "2026-01-01",
  }),
];
const fleet = withOperation(withApps(emptyFleet, apps), anOperation({ id: "n", name: "fresh", category: "labs" }));
const shown = (view: Partial<View>) =>
  groupsOf(fleet, { ...initialView, ...view }).map(({ key, ids, operations }) => [key, ids, operations]);

describe("groups", () => {
  it("are by category, those without last, and hold what is being created", () => {
    expect(shown({})).toEqual([
      ["demos", ["1", "3"], []],
      ["labs", [], ["n"]],
      ["", ["2"], []],
    ]);
  });

  it.each<[Partial<View>, string[]]>([
    [{ search: "zeb" }, ["1"]],
    [{ search: " 3102 " }, ["2"]],
    [{ search: "DEMOS" }, ["1", "3"]],
    [{ status: "stopped" }, ["3"]],
    [{ category: "" }, ["2"]],
    [{ category: "demos", status: "errored" }, ["1"]],
    [{ search: "nothing like it" }, []],
  ])("filter by %o", (view, ids) => {
    expect(groupsOf(fleet, { ...initialView, ...view }).flatMap((group) => group.ids)).toEqual(ids);
  });

  it.each<[View["sort"], string[]]>([
    [{ key: "name", descending: false }, ["3", "1"]],
    [{ key: "port", descending: true }, ["1", "3"]],
    [{ key: "status", descending: false }, ["1", "3"]],
    [{ key: "cpu", descending: false }, ["3", "1"]],
    [{ key: "createdAt", descending: false }, ["3", "1"]],
  ])("sort by %o", (sort, ids) => {
    expect(groupsOf(fleet, { ...initialView, sort })[0]?.ids).toEqual(ids);
  });
});

describe("one that sleeps", () => {
  const resting = withApps(emptyFleet, [
    anApp({ id: "stopped", status: "stopped", createdAt: "2026-01-03" }),
    anApp({ id: "asleep", status: "stopped", asleep: true, createdAt: "2026-01-02" }),
    anApp({ id: "online", createdAt: "2026-01-01" }),
  ]);
  const idsBy = (view: Partial<View>) => groupsOf(resting, { ...initialView, ...view }).flatMap((group) => group.ids);

  it("is not among the stopped ones", () => {
    expect(idsBy({ status: "asleep" })).toEqual(["asleep"]);
    expect(idsBy({ status: "stopped" })).toEqual(["stopped"]);
  });

  it("stands between what is online and what is stopped, and is nothing wrong", () => {
    expect(idsBy({ sort: { key: "status", descending: false } })).toEqual(["online", "asleep", "stopped"]);
    expect(idsBy({ sort: { key: "trouble", descending: false } })).toEqual(["stopped", "asleep", "online"]);
  });
});

it("a create is shown whatever status is asked for", () => {
  expect(shown({ status: "errored" })).toEqual([
    ["demos", ["1"], []],
    ["labs", [], ["n"]],
  ]);
});

it("the order stays as it was by the numbers it is given", () => {
  const sort = { key: "cpu", descending: true } as const;
  const moved = withApps(
    fleet,
    apps.map((app) => (app.id === "3" ? { ...app, cpuPercent: 99 } : app)),
  );
  expect(groupsOf(moved, { ...initialView, sort })[0]?.ids).toEqual(["3", "1"]);
  expect(groupsOf(moved, { ...initialView, sort }, fleet.apps)[0]?.ids).toEqual(["1", "3"]);
});

describe("what is wrong comes first", () => {
  const well = (id: string, category: string | null, createdAt: string) =>
    anApp({ id, category, createdAt, port: 3100 });
  const all = withApps(emptyFleet, [
    well("new", "a", "2026-01-05"),
    { ...well("broken", "b", "2026-01-04"), page: brokenBy() },
    well("old", "b", "2026-01-03"),
    { ...well("lost", "a", "2026-01-02"), status: "unknown" },
    { ...well("crashed", "c", "2026-01-01"), status: "errored" },
  ]);
  const order = (view: Partial<View>) => groupsOf(all, { ...initialView, ...view }).map(({ key, ids }) => [key, ids]);

  it("among the rows and among the categories; the rest by age", () => {
    expect(order({})).toEqual([
      ["b", ["broken", "old"]],
      ["c", ["crashed"]],
      ["a", ["lost", "new"]],
    ]);
    expect(order({ grouped: false })).toEqual([[everything, ["broken", "crashed", "lost", "new", "old"]]]);
  });

  it("and what is pinned after it, or first where somebody chose another order", () => {
    const pinned = { old: true } as const;
    expect(order({ pinned, grouped: false })).toEqual([[everything, ["broken", "crashed", "lost", "old", "new"]]]);
    const sort = { key: "createdAt", descending: true } as const;
    expect(order({ pinned, sort, grouped: false })[0]?.[1]).toEqual(["old", "new", "broken", "lost", "crashed"]);
    expect(order({ sort }).map(([key]) => key)).toEqual(["a", "b", "c"]);
  });

  it("a broken page can be filtered, and is online too", () => {
    expect(order({ status: "broken" })).toEqual([["b", ["broken"]]]);
    expect(order({ status: "online" }).flatMap(([, ids]) => ids)).toEqual(["broken", "old", "new"]);
  });
});

it("a category's apps are all of them, whatever is filtered", () => {
  expect(idsIn(fleet, "demos")).toEqual(["1", "3"]);
  expect(idsIn(fleet, "")).toEqual(["2"]);
  expect(idsIn(fleet, null)).toHaveLength(3);
});

describe("sets of keys that people write", () => {
  it("hold what was put in, and nothing that every object has", () => {
    for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty", ""]) {
      expect(has({}, key), key).toBe(false);
      const one = toggled({}, key);
      expect(has(one, key), key).toBe(true);
      expect(has(JSON.parse(JSON.stringify(one)) as Record<string, true>, key), key).toBe(true);
      expect(has(toggled(one, key), key), key).toBe(false);
    }
  });
});
