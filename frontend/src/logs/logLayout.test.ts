import { expect, it } from "vitest";
import { LogLayout } from "./logLayout";
import { createLogStore } from "./logStore";

const x = (count: number) => `${"x".repeat(count)}\n`;

it("counts rows, and finds lines by row and rows by line", () => {
  const store = createLogStore();
  store.append("stdout", `${x(3)}${x(25)}${x(10)}\nlast\n`);
  const layout = new LogLayout(store, "both", 10);
  layout.take(store.end());
  expect(layout.endRow()).toBe(7);
  expect([0, 1, 2, 3, 4].map((line) => layout.rowOfLine(line))).toEqual([0, 1, 4, 5, 6]);
  expect(layout.placed(3, 5)).toEqual([
    { line: 1, firstRow: 1 },
    { line: 2, firstRow: 4 },
  ]);
  expect(layout.placed(6, 99)).toEqual([{ line: 4, firstRow: 6 }]);
});

it("shows the lines of a stream, and gives the mark of stderr its cell", () => {
  const store = createLogStore();
  store.append("stdout", x(10));
  store.append("stderr", x(10));
  const both = new LogLayout(store, "both", 10);
  const errors = new LogLayout(store, "stderr", 10);
  for (const layout of [both, errors]) layout.take(store.end());
  expect([both.endRow(), errors.endRow()]).toEqual([3, 1]);
  expect(errors.rowOfLine(0)).toBeNull();
  expect(errors.rowOfLine(1)).toBe(0);
});

it("takes no more than it is told, and keeps places when the oldest lines go", () => {
  const store = createLogStore(10_000);
  const layout = new LogLayout(store, "stdout", 10);
  for (let i = 0; i < 30; i++) {
    store.append("stdout", x(15).repeat(1_000));
    layout.take(store.end() - 1);
    expect(layout.endRow()).toBe(2 * (store.end() - 1));
    expect(layout.firstRow()).toBe(2 * store.start());
    expect(layout.rowOfLine(store.start())).toBe(2 * store.start());
  }
});

it("is empty when there is nothing", () => {
  const layout = new LogLayout(createLogStore(), "both", 10);
  layout.take(0);
  expect([layout.firstRow(), layout.endRow(), layout.placed(0, 9), layout.rowOfLine(0)]).toEqual([0, 0, [], null]);
});
