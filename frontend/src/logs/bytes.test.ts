import { expect, it } from "vitest";
import { byteLength, firstBytes, withoutBytes } from "./bytes";

it.each(["", "abc", "é", "漢字", "🚢 a", "\ufffd", "aé漢🚢z"])("%j is so many bytes", (text) => {
  expect(byteLength(text)(0, text.length)).toBe(new TextEncoder().encode(text).length);
});

it("counts a part", () => {
  expect(byteLength("aé漢z")(1, 3)).toBe(5);
});

it.each([
  ["abc", 1, "a", "bc"],
  ["é1", 2, "é", "1"],
  ["abc", 3, "abc", ""],
])("%s is cut after %i bytes", (text, bytes, before, after) => {
  expect(firstBytes(text, bytes)).toBe(before);
  expect(withoutBytes(text, bytes)).toBe(after);
});
