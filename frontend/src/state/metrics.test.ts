import { describe, expect, it } from "vitest";
import { emptyFleet, withApps, type Fleet } from "./fleet";
import { createMetrics, sampleMs, windowMs } from "./metrics";
import { anApp } from "./testing";

function storage() {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
}
const live = (...apps: ReturnType<typeof anApp>[]): Fleet => ({
  ...withApps(emptyFleet, apps),
  connection: { state: "live", asOf: null },
});
const a = anApp({ id: "a", cpuPercent: 10, memoryMB: 100 });
const b = anApp({ id: "b", cpuPercent: 5, memoryMB: 50 });

describe("samples", () => {
  it("are kept per app, with nothing where an app was not there or not running", () => {
    const metrics = createMetrics(null, 0);
    metrics.sample(live(a), 1_000);
    metrics.sample(live({ ...a, pid: 0 }, b), 4_000);
    expect(metrics.series("a")).toEqual({ time: [1_000, 4_000], cpu: [10, null], memory: [100, null] });
    expect(metrics.series("b").cpu).toEqual([null, 5]);
    expect(metrics.totals().cpu).toEqual([10, 5]);
  });

  it("are not taken while the state shown may be old", () => {
    const metrics = createMetrics(null, 0);
    metrics.sample({ ...live(a), connection: { state: "offline", asOf: 0 } }, 1_000);
    expect(metrics.series("a").time).toEqual([]);
  });

  it("span ten minutes and no more", () => {
    const metrics = createMetrics(null, 0);
    for (let t = 0; t <= 2 * windowMs; t += sampleMs) metrics.sample(live(a), t);
    const { time, cpu } = metrics.series("a");
    expect(time.length).toBe(windowMs / sampleMs);
    expect(cpu.length).toBe(time.length);
    expect(time.at(-1)).toBe(2 * windowMs);
  });

  it("begin with what the server remembers, in the grid of its samples", () => {
    const metrics = createMetrics(null, 0);
    const now = 10 * windowMs;
    metrics.sample(live(a, b), now);
    const history = (at: number[], cpu: number) => ({
      at,
      cpuPercent: at.map(() => cpu),
      memoryMB: at.map(() => 1),
      status: at.map(() => "online" as const),
    });
    metrics.seed(
      { a: history([now - windowMs - 5_000, now - 10_000, now - 4_900], 7), b: history([now - 4_880, now + 5_000], 8) },
      now,
    );
    expect(metrics.series("a")).toEqual({
      time: [now - 10_000, now - 5_000, now],
      cpu: [7, 7, 10],
      memory: [1, 1, 100],
    });
    expect(metrics.series("b").cpu).toEqual([null, 8, 5]);
    metrics.sample(live(a, b), now + 3_000);
    expect(metrics.series("b").cpu).toEqual([null, 8, 5, 5]);
  });

  it("have a gap where nothing was known", () => {
    const offline = { ...live(a), connection: { state: "offline", asOf: 0 } } as const;
    const metrics = createMetrics(null, 0);
    metrics.sample(live(a), 3_000);
    metrics.sample(offline, 6_000);
    metrics.sample(live(a), 9_000);
    expect(metrics.series("a").cpu).toEqual([10, null, 10]);
    metrics.sample(live(a), 70_000); // a hidden tab is slow, and knows all the same
    expect(metrics.series("a").cpu).toEqual([10, null, 10, 10]);
    metrics.sample(live(a), 170_000); // the machine slept
    expect(metrics.series("a")).toMatchObject({
      time: [3_000, 6_000, 9_000, 70_000, 73_000, 170_000],
      cpu: [10, null, 10, 10, null, 10],
    });
  });

  it("have a gap where the page was away", () => {
    const kept = storage();
    const before = createMetrics(kept, 0);
    before.sample(live(a), 3_000);
    before.save();
    const after = createMetrics(kept, 20_000);
    after.sample(live(a), 20_000);
    expect(after.series("a")).toMatchObject({ time: [3_000, 6_000, 20_000], cpu: [10, null, 10] });
  });

  it("survive a reload, less what has become too old", () => {
    const kept = storage();
    kept.setItem(
      "berth.metrics",
      JSON.stringify({ time: [1_000, 500_000], apps: { a: { cpu: [10, 10], memory: [100, 100] } } }),
    );
    expect(createMetrics(kept, 600_500).series("a")).toEqual({
      time: [1_000, 500_000],
      cpu: [10, 10],
      memory: [100, 100],
    });
    expect(createMetrics(kept, 700_000).series("a").time).toEqual([500_000]);
    expect(createMetrics(kept, 10 * windowMs).series("a").time).toEqual([]);
  });

  it("begin anew when the storage holds something else", () => {
    expect(createMetrics({ getItem: () => "{nonsense", setItem: () => undefined }, 0).totals().time).toEqual([]);
  });
});
