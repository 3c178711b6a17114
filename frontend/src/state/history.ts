// The last hour of an app: what the server remembers, and what this page saw since. Pure.
import type { History } from "@/api/types";
import type { Series } from "./metrics";

export const hourMs = 60 * 60_000;
/** Two samples are missing: nothing was known then. */
const gapMs = 15_000;

/** One line, with a null where the time makes a leap, so that no graph draws through it. */
export function joined(history: History | null, live: Series, now: number): Series {
  const line: Series = { time: [], cpu: [], memory: [] };
  const add = (time: number, cpu: number | null, memory: number | null) => {
    const last = line.time.at(-1);
    if (time < now - hourMs || (last !== undefined && time <= last)) return;
    if (last !== undefined && time - last > gapMs) put(last + 1, null, null);
    put(time, cpu, memory);
  };
  const put = (time: number, cpu: number | null, memory: number | null) => {
    line.time.push(time);
    line.cpu.push(cpu);
    line.memory.push(memory);
  };
  history?.at.forEach((time, i) => add(time, history.cpuPercent[i] ?? null, history.memoryMB[i] ?? null));
  live.time.forEach((time, i) => add(time, live.cpu[i] ?? null, live.memory[i] ?? null));
  return line;
}
