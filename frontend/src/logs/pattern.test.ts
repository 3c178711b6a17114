import { describe, expect, it } from "vitest";
import { matchesIn, patternOf } from "./pattern";

describe("matches", () => {
  it.each<[string, string, [number, number][]]>([
    [
      "a+",
      "caaandaa",
      [
        [1, 3],
        [6, 2],
      ],
    ],
    [
      "A|N",
      "banana",
      [
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 1],
        [5, 1],
      ],
    ],
    ["x*", "axxb", [[1, 2]]],
    ["^\\d{3}$", "123", [[0, 3]]],
  ])("of the expression %s in %s", (query, text, wanted) => {
    expect(
      matchesIn(text, patternOf({ text: query, regex: true }) ?? /(?!)/g).map(({ at, length }) => [at, length]),
    ).toEqual(wanted);
  });

  it("are none of what is no expression, or nothing", () => {
    expect(patternOf({ text: "(", regex: true })).toBeNull();
    expect(patternOf({ text: "", regex: true })).toBeNull();
    expect(patternOf({ text: "(", regex: false })).not.toBeNull();
  });
});
