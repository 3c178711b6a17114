import { describe, expect, it } from "vitest";
import { cellsOf, rowOfIndex, rowsOf } from "./cells";

it.each([
  ["", 0],
  ["plain", 5],
  ["héllo", 5],
  ["漢字", 4],
  ["e\u0301", 1],
  ["🚢 a", 4],
])("%j takes %i cells", (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

describe("rows", () => {
  it.each([
    ["", 0, 10, 1],
    ["x".repeat(10), 0, 10, 1],
    ["x".repeat(11), 0, 10, 2],
    ["x".repeat(10), 1, 10, 2],
    ["x".repeat(30), 0, 10, 3],
    ["漢".repeat(5), 0, 10, 1],
    ["漢".repeat(5), 1, 10, 2],
    // Four to a row of nine: the ninth cell stays empty.
    ["漢".repeat(12), 0, 9, 3],
    ["漢".repeat(13), 0, 9, 4],
  ])("%j from cell %i in %i columns are %#", (plain, from, columns, rows) => {
    expect(rowsOf({ plain, cells: cellsOf(plain) }, from, columns)).toBe(rows);
  });

  it("tell where a character stands", () => {
    expect(rowOfIndex("x".repeat(25), 9, 0, 10)).toBe(0);
    expect(rowOfIndex("x".repeat(25), 10, 0, 10)).toBe(1);
    expect(rowOfIndex("x".repeat(25), 9, 1, 10)).toBe(1);
    expect(rowOfIndex("漢".repeat(10), 4, 0, 9)).toBe(1);
  });
});
