// What somebody chose for all logs, kept across visits.
import { createStore } from "@/state/store";

export interface Settings {
  wrap: boolean;
  times: boolean;
}

const storageKey = "berth.logs";

function read(): Settings {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "{}");
    const of = typeof kept === "object" && kept !== null ? (kept as Partial<Record<keyof Settings, unknown>>) : {};
    return { wrap: of.wrap !== false, times: of.times === true };
  } catch {
    // Forbidden by the browser's settings, or what stands there was not written by us.
    return { wrap: true, times: false };
  }
}

export const settings = createStore<Settings>(read());

export function choose(change: Partial<Settings>): void {
  settings.update((before) => ({ ...before, ...change }));
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings.get()));
  } catch {
    // Full or forbidden: it is chosen for this visit only.
  }
}
