// CPU and memory of the last ten minutes, for the small graphs: begun with what the server remembers, then gathered by
// this page. A fixed grid of samples shared by all apps keeps it small enough for sessionStorage, so that a reload does
// not lose them.
import type { History } from "@/api/types";
import type { Fleet } from "./fleet";
import { createStore, type ReadableStore } from "./store";

export const sampleMs = 3_000;
export const windowMs = 10 * 60_000;
const samplesKept = windowMs / sampleMs;
const storageKey = "berth.metrics";
/** A hidden tab may sample once a minute. Longer than that, nobody looked: the machine slept, or the page was away. */
const silenceMs = 75_000;
/** The server's samples of all apps lie in one grid. */
const seedMs = 5_000;
/** After a reload the page was away for certain; a short moment needs no gap. */
const reloadMs = 3 * sampleMs;

type Values = (number | null)[];
export interface Series {
  /** Milliseconds since the epoch, as long as the value arrays. */
  time: number[];
  cpu: Values;
  memory: Values;
}

interface Kept {
  time: number[];
  apps: Record<string, { cpu: Values; memory: Values }>;
}

export interface Metrics {
  /** Counts samples; subscribe to it to draw again. */
  version: ReadableStore<number>;
  sample(fleet: Fleet, now: number): void;
  /** What was before this page's first sample, by app. */
  seed(histories: Readonly<Record<string, History>>, now: number): void;
  /** When nothing was known of the app, its values are null: a graph has a gap there. */
  series(id: string): Series;
  totals(): Series;
  save(): void;
}

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && "time" in value && Array.isArray(value.time) && "apps" in value;
}

function load(storage: Pick<Storage, "getItem"> | null, now: number): Kept {
  try {
    const value: unknown = JSON.parse(storage?.getItem(storageKey) ?? "null");
    if (isKept(value)) {
      const old = value.time.findIndex((time) => time >= now - windowMs);
      if (old < 0) return { time: [], apps: {} };
      const cut = (values: Values) => values.slice(old);
      const apps = Object.entries(value.apps).map(([id, app]) => [id, { cpu: cut(app.cpu), memory: cut(app.memory) }]);
      return { time: value.time.slice(old), apps: Object.fromEntries(apps) as Kept["apps"] };
    }
  } catch {
    // Not ours, or from an older version: start with an empty graph.
  }
  return { time: [], apps: {} };
}

function sum(columns: Values[], length: number): Values {
  return Array.from({ length }, (_, i) => {
    let total: number | null = null;
    for (const column of columns) {
      const value = column[i];
      if (value !== null && value !== undefined) total = (total ?? 0) + value;
    }
    return total;
  });
}

export function createMetrics(storage: Pick<Storage, "getItem" | "setItem"> | null, now: number): Metrics {
  const kept = load(storage, now);
  let patience = reloadMs;
  const version = createStore(0);

  function push(fleet: Fleet, time: number, known: boolean) {
    const blank = () => kept.time.map(() => null);
    for (const id of fleet.order) kept.apps[id] ??= { cpu: blank(), memory: blank() };
    kept.time.push(time);
    for (const [id, row] of Object.entries(kept.apps)) {
      const app = fleet.apps[id];
      const runs = known && app !== undefined && app.pid > 0;
      row.cpu.push(runs ? app.cpuPercent : null);
      row.memory.push(runs ? app.memoryMB : null);
    }
    kept.apps = Object.fromEntries(Object.entries(kept.apps).filter(([id]) => id in fleet.apps));
    const excess = Math.max(
      kept.time.length - samplesKept,
      kept.time.findIndex((at) => at >= time - windowMs),
    );
    if (excess <= 0) return;
    kept.time.splice(0, excess);
    for (const row of Object.values(kept.apps)) {
      row.cpu.splice(0, excess);
      row.memory.splice(0, excess);
    }
  }

  return {
    version,
    sample(fleet, time) {
      // What is not known to be true now must not be drawn as if it were.
      const { state } = fleet.connection;
      const known = fleet.loaded && (state === "live" || state === "polling");
      const last = kept.time.at(-1);
      if (!fleet.loaded || (!known && last === undefined)) return;
      if (last !== undefined && time - last > patience) push(fleet, last + sampleMs, false);
      patience = silenceMs;
      push(fleet, time, known);
      version.update((n) => n + 1);
    },
    seed(histories, now) {
      const first = kept.time[0] ?? now;
      const byTime = new Map<number, Record<string, { cpu: number | null; memory: number | null }>>();
      for (const [id, { at, cpuPercent, memoryMB }] of Object.entries(histories)) {
        at.forEach((exact, i) => {
          const time = Math.floor(exact / seedMs) * seedMs;
          if (time < now - windowMs || time >= first) return;
          const apps = byTime.get(time) ?? {};
          apps[id] = { cpu: cpuPercent[i] ?? null, memory: memoryMB[i] ?? null };
          byTime.set(time, apps);
        });
      }
      const times = [...byTime.keys()].sort((a, b) => a - b);
      const gap = times.filter((time, i) => time - (times[i - 1] ?? time) > silenceMs).map((time) => time - 1);
      const all = [...times, ...gap].sort((a, b) => a - b);
      for (const id of Object.keys(histories))
        kept.apps[id] ??= { cpu: kept.time.map(() => null), memory: kept.time.map(() => null) };
      for (const [id, row] of Object.entries(kept.apps)) {
        row.cpu.unshift(...all.map((time) => byTime.get(time)?.[id]?.cpu ?? null));
        row.memory.unshift(...all.map((time) => byTime.get(time)?.[id]?.memory ?? null));
      }
      kept.time.unshift(...all);
      if (all.length > 0) version.update((n) => n + 1);
    },
    series(id) {
      const row = kept.apps[id];
      return { time: kept.time, cpu: row?.cpu ?? [], memory: row?.memory ?? [] };
    },
    totals() {
      const rows = Object.values(kept.apps);
      const { length } = kept.time;
      return {
        time: kept.time,
        cpu: sum(
          rows.map((r) => r.cpu),
          length,
        ),
        memory: sum(
          rows.map((r) => r.memory),
          length,
        ),
      };
    },
    save() {
      try {
        storage?.setItem(storageKey, JSON.stringify(kept));
      } catch {
        // Without storage the graphs start anew after a reload; nothing else is lost.
      }
    },
  };
}
