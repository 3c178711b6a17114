// What this page shows of the fleet: filter, sort, selection, open panels. Kept apart from the fleet, because the
// server never changes it and the fleet never depends on it.
import type { App, AppStatus, BulkAction } from "@/api/types";
import { createStore, type Store } from "./store";

export const sortKeys = ["createdAt", "name", "port", "status", "uptime", "memory", "cpu"] as const;
export type SortKey = (typeof sortKeys)[number];

/** Apps without a category; categories themselves are never blank. */
export const noCategory = "";

/** A dialog carries all that it shows: what is confirmed is what was seen, whatever came meanwhile. */
export type DialogState =
  | null
  | { kind: "create"; fork?: string }
  | { kind: "bulk"; action: BulkAction; apps: readonly App[]; what: string }
  | { kind: "help" }
  | { kind: "palette" };

export interface View {
  search: string;
  status: AppStatus | null;
  category: string | null;
  sort: { key: SortKey; descending: boolean };
  collapsed: Readonly<Record<string, true>>;
  expanded: Readonly<Record<string, true>>;
  selected: Readonly<Record<string, true>>;
  /** The row the keyboard is at. */
  current: string | null;
  dialog: DialogState;
  logs: string | null;
  /** The height of the logs in pixels, once somebody chose one. */
  dock: number | null;
}

export const initialView: View = {
  search: "",
  status: null,
  category: null,
  sort: { key: "createdAt", descending: true },
  collapsed: {},
  expanded: {},
  selected: {},
  current: null,
  dialog: null,
  logs: null,
  dock: null,
};

/** Keys are made of what people write: "constructor" is a category, not what every object has. */
export function has(set: Readonly<Record<string, true>>, key: string): boolean {
  return Object.hasOwn(set, key);
}

export function toggled(set: Readonly<Record<string, true>>, key: string): Readonly<Record<string, true>> {
  if (!has(set, key)) return { ...set, [key]: true };
  return Object.fromEntries(Object.entries(set).filter(([other]) => other !== key));
}

const storageKey = "berth.view";

type Kept = Pick<View, "sort" | "collapsed" | "dock">;
const keptOf = ({ sort, collapsed, dock }: View): Kept => ({ sort, collapsed, dock });

function read(storage: Pick<Storage, "getItem"> | null): Partial<Kept> {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(storageKey) ?? "{}");
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {}; // Whatever stands there was not written by us; begin afresh.
  }
}

/** A view store that remembers sort order, collapsed groups and the logs' height across visits. */
export function createViewStore(storage: Pick<Storage, "getItem" | "setItem"> | null): Store<View> {
  const kept = read(storage);
  const sort = kept.sort !== undefined && sortKeys.includes(kept.sort.key) ? kept.sort : initialView.sort;
  const dock = typeof kept.dock === "number" ? kept.dock : null;
  const store = createStore<View>({ ...initialView, sort, collapsed: kept.collapsed ?? {}, dock });
  let saved = "";
  store.subscribe(() => {
    const text = JSON.stringify(keptOf(store.get()));
    if (text === saved) return;
    saved = text;
    try {
      storage?.setItem(storageKey, text);
    } catch {
      // A full or forbidden storage costs the memory of the sort order, nothing else.
    }
  });
  return store;
}
