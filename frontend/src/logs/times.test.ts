import { expect, it } from "vitest";
import { clockTime } from "./times";

const at = new Date(2026, 0, 31, 4, 5, 6, 7).getTime();

it.each([
  ["full", at, "04:05:06.007"],
  ["short", at, "04:05:06"],
  ["day", at, "04:05:06"],
  ["day", at + 86_400_000, "2026-01-31 04:05:06"],
] as const)("%s, seen at %i: %s", (form, now, wanted) => {
  expect(clockTime(at, form, now)).toBe(wanted);
});
