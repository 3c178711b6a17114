import { expect, it } from "vitest";
import { ago, clock, duration, memory, percent } from "./format";

it.each([
  [-5, "0s"],
  [59_999, "59s"],
  [63_000, "1m 03s"],
  [3_600_000, "1h 00m"],
  [90_000_000, "1d 1h"],
])("%i ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [500, "just now"],
  [12_300, "12 s ago"],
  [150_000, "2 min ago"],
  [7_200_000, "2 h ago"],
])("%i ms back is %s", (ms, text) => expect(ago(ms)).toBe(text));

it("numbers keep their shape", () => {
  expect([memory(1_000), memory(2_048), percent(3.25), percent(131.4)]).toEqual([
    "1000 MB",
    "2.0 GB",
    "3.3 %",
    "131 %",
  ]);
});

it("a time of day is always as wide", () => {
  expect(clock(new Date(2026, 10, 28, 9, 5, 30).getTime())).toBe("09:05:30");
  expect(clock(new Date(2026, 10, 28, 23, 59, 59).getTime())).toBe("23:59:59");
});
