import { expect, it } from "vitest";
import { linesBefore } from "./logReads";

it.each<[string, number, number, string, { text: string; from: number } | null]>([
  ["one\ntwo\nthree\n", 0, 8, "three\n", { text: "one\ntwo\n", from: 0 }],
  ["ne\ntwo\nthree\n", 1, 8, "three\n", { text: "two\n", from: 4 }],
  ["\ufffd\nzwö\ndrei\n", 101, 108, "drei\n", { text: "zwö\n", from: 103 }],
  ["endless", 50, 57, "", { text: "endless", from: 50 }],
  ["an end\n", 50, 57, "", { text: "an end\n", from: 50 }],
  ["another file\n", 5, 10, "three\n", null],
])("of %j from %i, before %i and %j", (text, from, until, head, wanted) => {
  expect(linesBefore(text, from, until, head)).toEqual(wanted);
});
