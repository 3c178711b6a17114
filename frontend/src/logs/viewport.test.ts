import { expect, it } from "vitest";
import { createLogStore, type LogStore } from "./logStore";
import { Viewport } from "./viewport";

const filled = (count: number, cap?: number) => {
  const store = createLogStore(cap);
  for (let i = 0; i < count; i++) store.append("stdout", `${i}\n`, { at: i, from: null });
  return store;
};
const viewOf = (store: LogStore, rows = 10, columns = 20, wrap = true) => {
  const view = new Viewport(store, () => true);
  view.resize(columns, rows, wrap);
  view.limit = store.end();
  view.take(true);
  return view;
};

it("follows the end, unfinished lines included", () => {
  const view = viewOf(filled(100));
  expect(view.place()).toMatchObject({ top: 90, total: 100 });
  const line = filled(1).at(0);
  view.setTail(line === undefined ? [] : [line]);
  view.take(true);
  expect(view.place()).toMatchObject({ top: 91, total: 101 });
  expect(view.lines([]).at(-1)).toMatchObject({ number: 100, row: 100, rows: 1 });
});

it("draws what is in view with some around, and lines that are asked for wherever they are", () => {
  const view = viewOf(filled(1_000));
  view.top = view.within(500);
  const numbers = view.lines([3, 2_000]).map(({ number }) => number);
  expect(numbers[0]).toBe(3);
  expect(numbers).toContain(480);
  expect(numbers).toContain(530);
  expect(numbers.length).toBeLessThan(100);
  expect(view.linesInView()).toEqual({ first: 500, last: 509 });
});

it("holds its place when the width changes, JSON is folded open, and older lines come", () => {
  const store = createLogStore();
  store.append("stdout", `${"x".repeat(50)}\n{"a":[1,2]}\n${"y\n".repeat(100)}`);
  const view = viewOf(store);
  view.top = view.within(10);
  const first = view.linesInView().first;
  view.resize(10, 10, true);
  expect(view.linesInView().first).toBe(first);
  view.toggleFold(1);
  expect(view.foldOf(1)?.split("\n")).toHaveLength(6);
  expect(view.linesInView().first).toBe(first);
  store.prepend([{ stream: "stdout", text: "older\n".repeat(30), from: 0 }]);
  view.retake();
  expect(view.linesInView().first).toBe(first);
  expect(view.place().top).toBe(30 + 5 + 2 + 6 + first - 2);
  view.toggleFold(1);
  expect(view.linesInView().first).toBe(first);
});

it("holds its place when the oldest lines go", () => {
  const store = filled(100, 100);
  const view = viewOf(store);
  view.top = view.within(50);
  for (let i = 100; i < 130; i++) store.append("stdout", `${i}\n`);
  view.take(false);
  expect(store.start()).toBeGreaterThan(0);
  expect(view.linesInView().first).toBe(50);
  expect(view.place().top).toBe(50 - store.start());
});

it("knows in which row of a long line a match is", () => {
  const store = createLogStore();
  store.append("stdout", `${"x".repeat(20 * 40)}\n${"y\n".repeat(20)}`);
  const view = viewOf(store);
  view.top = 0;
  expect(view.isInView({ line: 0, at: 0 })).toBe(true);
  expect(view.isInView({ line: 0, at: 20 * 30 })).toBe(false);
  expect(view.topFor({ line: 0, at: 20 * 30 })).toBe(25);
});

it("is as wide as the longest line where lines are not broken, and a divider takes a row", () => {
  const store = createLogStore();
  store.append("stdout", `${"x".repeat(500)}\n`, { at: 1, from: 0 });
  store.append("stdout", "y\n", { at: 5, from: 501 });
  store.started({ at: 4, from: null });
  const view = viewOf(store, 10, 20, false);
  view.retake();
  expect(view.place()).toEqual({ top: 0, total: 3, widest: 500 });
});
