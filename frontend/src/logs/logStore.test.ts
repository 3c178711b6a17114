import { describe, expect, it } from "vitest";
import { createLogStore } from "./logStore";

import { linesOf } from "./testing";

const texts = (store: ReturnType<typeof createLogStore>) => linesOf(store).map((line) => line.text);

it("keeps the two streams' unfinished lines apart", () => {
  const store = createLogStore();
  store.append("stdout", "out ");
  store.append("stderr", "err\n");
  store.append("stdout", "more\n");
  expect(linesOf(store)).toMatchObject([
    { stream: "stderr", text: "err" },
    { stream: "stdout", text: "out more" },
  ]);
});

it("is bounded, and numbers lines on", () => {
  const store = createLogStore(100);
  for (let i = 0; i < 1_000; i++) store.append("stdout", `${i}\n`);
  expect(store.end()).toBe(1_000);
  expect(store.end() - store.start()).toBeLessThanOrEqual(110);
  expect(store.at(999)?.text).toBe("999");
  expect(store.at(store.start() - 1)).toBeUndefined();
});

it("is bounded in characters too", () => {
  const store = createLogStore(100, 1_000);
  for (let i = 0; i < 50; i++) store.append("stdout", `${"x".repeat(99)}\n`);
  expect(store.end()).toBe(50);
  expect(store.end() - store.start()).toBeLessThanOrEqual(11);
  expect(store.end() - store.start()).toBeGreaterThanOrEqual(10);
});

it("goes back to a mark, unfinished line included", () => {
  const store = createLogStore();
  store.append("stdout", "a\nhal");
  const mark = store.mark();
  store.append("stdout", "lo\nb\n");
  store.rollback(mark);
  expect(store.generation()).toBe(1);
  store.append("stdout", "f\n");
  expect(texts(store)).toEqual(["a", "half"]);
});

it("ends a line under way when its file begins anew", () => {
  const store = createLogStore();
  store.append("stdout", "cut of");
  store.restart("stdout");
  store.append("stdout", "new\n");
  expect(texts(store)).toEqual(["cut of", "new"]);
});

it("takes 200,000 lines without a sweat", () => {
  const store = createLogStore();
  const piece = "x".repeat(79).concat("\n").repeat(1_000);
  for (let i = 0; i < 200; i++) store.append("stdout", piece);
  expect(store.end() - store.start()).toBeLessThanOrEqual(110_000);
});

describe("several apps", () => {
  it("are in the order in which their lines came, and their unfinished lines apart", () => {
    const store = createLogStore();
    const [one, two] = [store.source(0), store.source(1)];
    one.append("stdout", "a1\nhal");
    two.append("stdout", "b1\n");
    one.append("stdout", "f\n");
    two.append("stderr", "b2\n");
    expect(linesOf(store).map(({ source, stream, text }) => [source, stream, text])).toEqual([
      [0, "stdout", "a1"],
      [1, "stdout", "b1"],
      [0, "stdout", "half"],
      [1, "stderr", "b2"],
    ]);
    two.append("stdout", "under way");
    expect([store.partial("stdout", 0), store.partial("stdout", 1)]).toEqual(["", "under way"]);
  });

  it("take back only what is theirs", () => {
    const store = createLogStore();
    const [one, two] = [store.source(0), store.source(1)];
    one.append("stdout", "a1\n");
    const [first, second] = [one.mark(), two.mark()];
    one.append("stdout", "a2\n");
    two.append("stdout", "b1\n");
    one.rollback(first);
    expect(texts(store)).toEqual(["a1", "b1"]);
    one.append("stdout", "a3\n");
    two.rollback(second);
    expect(texts(store)).toEqual(["a1", "a3"]);
    one.clear();
    expect(texts(store)).toEqual([]);
  });
});

describe("a line", () => {
  it("knows in which byte of its file it begins", () => {
    const store = createLogStore();
    store.append("stdout", "é\nab", { at: 5, from: 100 });
    store.append("stdout", "c\nd\n", { at: 6, from: 105 });
    expect(linesOf(store).map(({ from, at }) => [from, at])).toEqual([
      [100, 5],
      [103, 6],
      [107, 6],
    ]);
  });

  it("counts among its level while it is here", () => {
    const store = createLogStore(100);
    store.append("stdout", "error: x\nWARN y\nplain\n");
    expect(store.counts()).toEqual({ error: 1, warn: 1, info: 0, debug: 0 });
    store.append("stdout", "plain\n".repeat(200));
    expect(store.counts()).toEqual({ error: 0, warn: 0, info: 0, debug: 0 });
  });
});

it("takes older lines before the others, whose numbers stay", () => {
  const store = createLogStore();
  store.append("stdout", "new\n");
  store.prepend([
    { stream: "stderr", text: "err\n", from: 0 },
    { stream: "stdout", text: "old\nolder\n", from: 0 },
  ]);
  expect(texts(store)).toEqual(["err", "old", "older", "new"]);
  expect(store.start()).toBe(-3);
  expect(store.at(0)?.text).toBe("new");
});
