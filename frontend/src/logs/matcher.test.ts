import { beforeEach, describe, expect, it } from "vitest";
import { FakeWorld } from "@/state/testing";
import { LogFinder, type FinderView } from "./logFinder";
import { everyLine, isShown, LogLayout, type Filter } from "./logLayout";
import { LogSearch } from "./logSearch";
import { createLogStore } from "./logStore";
import { matcherOf } from "./matcher";
import { matched, type Batch } from "./regexBatch";
import { RegexRunner, type RegexWorker, type Trouble } from "./regexRunner";

/** A worker that does a step only when it is told to. */
class FakeWorker implements RegexWorker {
  onmessage: RegexWorker["onmessage"] = null;
  onerror: RegexWorker["onerror"] = null;
  batches: Batch[] = [];
  ended = false;
  postMessage(batch: Batch) {
    this.batches.push(batch);
  }
  terminate() {
    this.ended = true;
  }
  begin() {
    this.onmessage?.({ data: "begun" });
  }
  answer() {
    const batch = this.batches.at(-1);
    if (batch !== undefined) this.onmessage?.({ data: matched(batch) });
  }
}

let world: FakeWorld;
let workers: FakeWorker[];
let runner: RegexRunner;
let told: (Trouble | null)[];
const made = (text: string) => {
  const matcher = matcherOf({ text, regex: true }, runner, (trouble) => told.push(trouble));
  if (matcher === null) throw new Error(`${text} is no expression`);
  return matcher;
};
const filled = (lines: readonly string[]) => {
  const store = createLogStore();
  store.append("stdout", `${lines.join("\n")}\n`);
  return store;
};
const sent = () => Promise.resolve();
const newest = () => {
  const worker = workers.at(-1);
  if (worker === undefined) throw new Error("there is no worker");
  return worker;
};
/** The worker answers until nothing more is asked of it. */
async function answerAll() {
  await sent();
  for (let asked = -1; asked !== newest().batches.length;) {
    asked = newest().batches.length;
    newest().begin();
    newest().answer();
    await sent();
  }
}

beforeEach(() => {
  world = new FakeWorld();
  workers = [];
  told = [];
  const open = () => {
    workers.push(new FakeWorker());
    return newest();
  };
  runner = new RegexRunner({ open, after: (ms, task) => world.after(ms, task) });
});

describe("a regular expression", () => {
  it("is never run by the page: where it matches is known when the worker says so", async () => {
    const store = filled(["aab", "none", "ab ab"]);
    const matcher = made("a+b");
    const lines = [0, 1, 2].map((number) => store.at(number)).filter((line) => line !== undefined);
    expect(lines.map((line) => matcher.in(line))).toEqual([undefined, undefined, undefined]);
    await sent();
    expect(newest().batches).toEqual([{ expression: "a+b", texts: ["aab", "none", "ab ab"] }]);
    newest().begin();
    newest().answer();
    expect(told).toEqual([null]);
    expect(lines.map((line) => matcher.in(line)?.map(({ at, length }) => [at, length]))).toEqual([
      [[0, 3]],
      [],
      [
        [0, 2],
        [3, 2],
      ],
    ]);
  });

  it("that is not done by the deadline is ended, and the next one gets a worker of its own", async () => {
    const store = filled(["aaaa"]);
    const line = store.at(0);
    if (line === undefined) throw new Error("no line");
    made("(a+)+$").in(line);
    await sent();
    const [hung] = workers;
    await world.pass(10_000); // it takes a while to start: that is no fault of the expression
    expect(told).toEqual([]);
    hung?.begin();
    await world.pass(2_000);
    expect(told).toEqual(["slow"]);
    expect(hung?.ended).toBe(true);
    const next = made("a");
    next.in(line);
    await sent();
    expect(workers).toHaveLength(2);
    newest().begin();
    newest().answer();
    expect(next.in(line)).toHaveLength(4);
    await world.pass(60_000);
    expect(told).toEqual(["slow", null]);
    expect(newest().ended).toBe(false);
  });

  it("that runs when something else is searched for is ended, and says nothing any more", async () => {
    const store = filled(["aaaa"]);
    const line = store.at(0);
    if (line === undefined) throw new Error("no line");
    made("(a+)+$").in(line);
    await sent();
    newest().begin();
    expect(matcherOf({ text: "a", regex: false }, runner, () => undefined)?.in(line)).toHaveLength(4);
    expect(newest().ended).toBe(true);
    newest().answer();
    await world.pass(60_000);
    expect(told).toEqual([]);
  });

  it("says so where there is no worker to be had", async () => {
    const line = filled(["a"]).at(0);
    if (line === undefined) throw new Error("no line");
    made("a").in(line);
    await sent();
    newest().onerror?.();
    expect(told).toEqual(["failed"]);
    made("b").in(line);
    await sent();
    await world.pass(20_000);
    expect(told).toEqual(["failed", "failed"]);
  });
});

describe("a long log", () => {
  const count = 12_000;
  const store = filled(Array.from({ length: count }, (_, i) => (i % 100 === 7 ? `hit ${i}` : `line ${i}`)));
  const hits = Array.from({ length: count / 100 }, (_, i) => i * 100 + 7);

  it("is searched whole, the newest lines first", async () => {
    const search = new LogSearch(made("hit \\d+$"), store, store.end(), () => true);
    expect(search.scan(store.end(), () => true)).toBe(true);
    expect(search.isComplete()).toBe(false);
    await sent();
    expect(newest().batches[0]?.texts[0]).toBe(`line ${count - 1}`);
    newest().begin();
    newest().answer();
    search.scan(store.end(), () => true);
    expect(search.newest()).toEqual({ line: hits.at(-1), at: 0 });
    for (let i = 0; i < 100 && !search.isComplete(); i++) {
      await answerAll();
      search.scan(store.end(), () => true);
    }
    expect(search.count()).toBe(hits.length);
    expect(search.oldest()).toEqual({ line: 7, at: 0 });
  });

  it.each<[Filter["matching"], number]>([
    ["only", hits.length],
    ["but", count - hits.length],
  ])("shows %s those, in order, as it becomes known", async (matching, wanted) => {
    const filter: Filter = { ...everyLine, matching, matcher: made("^hit") };
    const layout = new LogLayout(
      store,
      (line, number) => isShown(line, number, filter, store),
      () => 1,
    );
    layout.take(store.end());
    expect(layout.count()).toBe(0);
    for (let i = 0; i < 100 && layout.count() < wanted; i++) {
      await answerAll();
      layout.take(store.end());
    }
    const shown = layout.linesBetween(0, count);
    expect(shown).toEqual(
      Array.from({ length: count }, (_, i) => i).filter((i) => (i % 100 === 7) === (matching === "only")),
    );
  });

  it("is gone through match by match, where what is shown depends on the search too", async () => {
    const matcher = made("hit");
    const filter: Filter = { ...everyLine, matching: "only", matcher };
    const revealed: number[] = [];
    const view: FinderView = {
      limit: () => store.end(),
      shows: (line, number) => isShown(line, number, filter, store),
      linesInView: () => ({ first: count - 10, last: count - 1 }),
      isInView: () => true,
      reveal: ({ line }) => revealed.push(line),
      marked: () => undefined,
    };
    const finder = new LogFinder(store, view);
    finder.find(matcher);
    finder.move("previous");
    for (let i = 0; i < 100 && finder.results()?.complete !== true; i++) {
      expect(finder.work(() => true)).toBe(true);
      await answerAll();
    }
    finder.work(() => true);
    expect(revealed).toEqual(hits.slice(-2).toReversed());
    expect(finder.results()).toEqual({ index: hits.length - 2, count: hits.length, complete: true });
  });
});
