import { describe, expect, it } from "vitest";
import { LogFinder, type FinderView } from "./logFinder";
import { LogSearch, type Match } from "./logSearch";
import { createLogStore, type LogStore } from "./logStore";
import { matcherIn } from "./testing";

const always = () => true;
const all = (store: LogStore, query: string, to = store.end()) => {
  const search = new LogSearch(matcherIn(query), store, to, always);
  search.scan(to, always);
  return search;
};
const filled = (...lines: string[]) => {
  const store = createLogStore();
  store.append("stdout", `${lines.join("\n")}\n`);
  return store;
};

describe("matches", () => {
  it.each([
    ["a", "banana", 3],
    ["ana", "banana", 1],
    ["AN", "banana", 2],
    [".*", "a.*b", 1],
    ["é", "É", 1],
    ["red", "\x1b[31mr\x1b[0med", 1],
    ["31m", "\x1b[31mred\x1b[0m", 0],
  ])("of %j in %j are %i", (query, line, count) => {
    expect(all(filled(line), query).count()).toBe(count);
  });

  it("are counted and ordered over the whole log", () => {
    const search = all(filled("x", "a x x", "none", "x"), "x");
    expect(search.count()).toBe(4);
    expect(search.newest()).toEqual({ line: 3, at: 0 });
    expect(search.oldest()).toEqual({ line: 0, at: 0 });
    expect(search.before({ line: 3, at: 0 })).toEqual({ line: 1, at: 4 });
    expect(search.before({ line: 1, at: 4 })).toEqual({ line: 1, at: 2 });
    expect(search.after({ line: 0, at: 0 })).toEqual({ line: 1, at: 2 });
    expect(search.after({ line: 1, at: 4 })).toEqual({ line: 3, at: 0 });
    expect(search.after({ line: 3, at: 0 })).toBeNull();
    expect(search.before({ line: 0, at: 0 })).toBeNull();
    expect([0, 2, 4].map((at) => search.indexOf({ line: at === 0 ? 3 : 1, at }))).toEqual([3, 1, 2]);
  });

  it("are found in slices, the newest first", () => {
    const store = filled(...Array.from({ length: 1_000 }, (_, i) => `line ${i}`));
    const search = new LogSearch(matcherIn("line"), store, store.end(), always);
    expect(search.scan(store.end(), () => false)).toBe(false);
    expect(search.isComplete()).toBe(false);
    expect(search.newest()).toEqual({ line: 999, at: 0 });
    expect(search.before({ line: 900, at: 0 })).toEqual({ line: 899, at: 0 });
    for (let slices = 0; !search.scan(store.end(), () => false); slices++) expect(slices).toBeLessThan(10);
    expect(search.count()).toBe(1_000);
    expect(search.indexOf({ line: 999, at: 0 })).toBe(999);
  });

  it("come and go with the lines", () => {
    const store = createLogStore(1_000);
    store.append("stdout", "hit\nmiss\n".repeat(500));
    const search = all(store, "hit");
    expect(search.count()).toBe(500);
    store.append("stdout", "hit\n".repeat(300));
    while (!search.scan(store.end(), always));
    let count = 0;
    for (let line = store.start(); line < store.end(); line++) if (store.at(line)?.plain === "hit") count += 1;
    expect(store.start()).toBe(300);
    expect(search.count()).toBe(count);
    expect(search.oldest()?.line).toBe(300);
  });
});

describe("the finder", () => {
  const shown = { first: 0, last: 0 };
  function finder(store: LogStore) {
    const revealed: Match[] = [];
    const view: FinderView = {
      limit: () => store.end(),
      shows: always,
      linesInView: () => shown,
      isInView: ({ line }) => line >= shown.first && line <= shown.last,
      reveal: (match) => {
        revealed.push(match);
        if (!view.isInView(match)) Object.assign(shown, { first: match.line - 1, last: match.line + 1 });
      },
      marked: () => undefined,
    };
    const made = new LogFinder(store, view);
    let before = "";
    const lineAfter = (query: string, direction: "first" | "next" | "previous") => {
      if (query === before) made.move(direction);
      else made.find(matcherIn(query));
      before = query;
      while (!made.work(always));
      return revealed.at(-1)?.line;
    };
    return { made, lineAfter };
  }
  const store = () => filled(...Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? `ten ${i}` : "other")));

  it("goes to the newest match in view or above it, then back, on and around", () => {
    Object.assign(shown, { first: 40, last: 55 });
    const { made, lineAfter } = finder(store());
    expect(lineAfter("ten", "first")).toBe(50);
    expect(made.results()).toEqual({ index: 5, count: 10, complete: true });
    expect(lineAfter("ten", "previous")).toBe(40);
    expect(lineAfter("ten", "next")).toBe(50);
    for (const line of [60, 70, 80, 90, 0, 10]) expect(lineAfter("ten", "next")).toBe(line);
    expect(lineAfter("ten", "previous")).toBe(0);
    expect(lineAfter("ten", "previous")).toBe(90);
  });

  it("stays while the word is being typed, and begins from the view when that was scrolled away", () => {
    Object.assign(shown, { first: 40, last: 55 });
    const { made, lineAfter } = finder(store());
    expect(lineAfter("t", "first")).toBe(55);
    expect(lineAfter("te", "first")).toBe(50);
    expect(lineAfter("ten", "first")).toBe(50);
    Object.assign(shown, { first: 80, last: 85 });
    expect(lineAfter("ten", "previous")).toBe(80);
    Object.assign(shown, { first: 15, last: 19 });
    expect(lineAfter("ten", "next")).toBe(20);
    expect(lineAfter("ten 3", "first")).toBe(30);
    made.find(matcherIn("nowhere"));
    made.work(always);
    expect(made.results()).toEqual({ index: -1, count: 0, complete: true });
    made.find(null);
    expect(made.results()).toBeNull();
  });
});
