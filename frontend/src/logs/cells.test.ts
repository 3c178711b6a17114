import { describe, expect, it } from "vitest";
import { breaksOf, cellsOf, rowsOf } from "./cells";

describe("a text breaks", () => {
  it.each<[string, number, string[]]>([
    ["", 10, [""]],
    ["abcdefghij", 10, ["abcdefghij"]],
    ["abcdefghijk", 10, ["abcdefghij", "k"]],
    ["漢字漢字", 5, ["漢字", "漢字"]],
    ["a漢字", 4, ["a漢", "字"]],
    ["ééé", 2, ["éé", "é"]],
    ["e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]],
    ["👩\u200d💻x", 3, ["👩\u200d💻x"]],
    ["a\tb", 9, ["a\tb"]],
    ["a\tb", 8, ["a\t", "b"]],
    ["abcdefg\tb", 4, ["abcd", "efg", "\t", "b"]],
    ["漢", 1, ["漢"]],
  ])("%j at %i cells", (text, columns, wanted) => {
    const breaks = breaksOf(text, columns);
    expect(breaks.map((at, i) => text.slice(at, breaks[i + 1]))).toEqual(wanted);
    expect(rowsOf(text, columns)).toBe(wanted.length);
  });
});

it.each([
  ["abc", 3],
  ["a\tb", 9],
  ["漢字", 4],
  ["🚢", 2],
  ["e\u0301", 1],
])("%j takes %i cells", (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});
