import { describe, expect, it } from "vitest";
import { hourMs, joined } from "./history";

const none = { time: [], cpu: [], memory: [] };
const history = (at: number[]) => ({
  at,
  cpuPercent: at.map((_, i) => i),
  memoryMB: at.map(() => 100),
  status: at.map(() => "online" as const),
});

describe("the last hour", () => {
  const now = 10 * hourMs;

  it("is what the server remembers, then what the page saw", () => {
    const live = { time: [now - 6_000, now - 3_000, now], cpu: [7, 8, 9], memory: [1, 2, null] };
    const { time, cpu, memory } = joined(history([now - 15_000, now - 10_000, now - 5_000]), live, now);
    expect(time).toEqual([now - 15_000, now - 10_000, now - 5_000, now - 3_000, now]);
    expect(cpu).toEqual([0, 1, 2, 8, 9]);
    expect(memory).toEqual([100, 100, 100, 2, null]);
  });

  it("has a gap where nothing was known", () => {
    const { time, cpu } = joined(history([now - 60_000, now - 55_000, now - 5_000]), none, now);
    expect(time).toEqual([now - 60_000, now - 55_000, now - 54_999, now - 5_000]);
    expect(cpu).toEqual([0, 1, null, 2]);
  });

  it("is no longer than an hour, and there without the server", () => {
    expect(joined(history([now - hourMs - 1, now - hourMs]), none, now).time).toEqual([now - hourMs]);
    expect(joined(null, { time: [now], cpu: [1], memory: [2] }, now)).toEqual({ time: [now], cpu: [1], memory: [2] });
  });
});
