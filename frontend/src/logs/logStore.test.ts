import { expect, it } from "vitest";
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
