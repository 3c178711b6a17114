import { expect, it } from "vitest";
import { foldOf } from "./json";

it.each<[string, number | null]>([
  ['{"a":1}', 0],
  ['  {"a":{"b":[1,2]}}  ', 2],
  ['request {"a":1}', 8],
  ['[info] {"a":1}', 7],
  ["[1,2]", 0],
  ["{}", null],
  ["[]", null],
  ['{"a":1} done', null],
  ["{broken}", null],
  ["words", null],
  ["null]", null],
])("%j folds open at %s", (line, at) => {
  expect(foldOf(line)?.at ?? null).toBe(at);
});

it("is written over several lines", () => {
  expect(foldOf('x {"a":[1]}')?.text).toBe('{\n  "a": [\n    1\n  ]\n}');
});
