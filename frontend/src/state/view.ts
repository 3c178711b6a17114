// What this page shows of the fleet: where it is, filter, sort, selection, open panels. Kept apart from the fleet,
// because the server never changes it and the fleet never depends on it.
import type { App, BulkAction } from "@/api/types";
import type { Origin } from "./draft";
import type { Standing } from "./sleep";
import { createStore, type Store } from "./store";

export const sortKeys = ["trouble", "createdAt", "name", "port", "status", "uptime", "memory", "cpu"] as const;
export type SortKey = (typeof sortKeys)[number];

/** Apps without a category; categories themselves are never blank. */
export const noCategory = "";

export const appTabs = ["overview", "logs", "activity"] as const;
export type AppTab = (typeof appTabs)[number];

/** Where the page is; address.ts has the address of each. */
export type Place =
  | { page: "list" }
  /** `line`: of the log, which somebody was sent a link to. */
  | { page: "app"; id: string; tab: AppTab; line?: string }
  | { page: "activity" }
  | { page: "templates" }
  | { page: "logs"; apps: readonly string[] }
  | { page: "nowhere"; path: string };

/** A dialog carries all that it shows: what is confirmed is what was seen, whatever came meanwhile. */
export type DialogState =
  | null
  | { kind: "create"; fork?: string; origin?: Origin; template?: string }
  | { kind: "bulk"; action: BulkAction; apps: readonly App[]; what: string }
  | { kind: "help" }
  | { kind: "palette" };

export type StatusFilter = Standing;

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const editors = ["vscode", "cursor"] as const;
export type Editor = (typeof editors)[number];
/** Where links in a log lead as long as nobody chose. */
export const usualEditor: Editor = "vscode";

export interface View {
  place: Place;
  search: string;
  status: StatusFilter | null;
  category: string | null;
  sort: { key: SortKey; descending: boolean };
  /** By category, or in one. */
  grouped: boolean;
  /** Pictures of the running pages in place of rows. */
  gallery: boolean;
  collapsed: Readonly<Record<string, true>>;
  expanded: Readonly<Record<string, true>>;
  selected: Readonly<Record<string, true>>;
  pinned: Readonly<Record<string, true>>;
  /** The row the keyboard is at. */
  current: string | null;
  dialog: DialogState;
  logs: string | null;
  /** The height of the logs in pixels, once somebody chose one. */
  dock: number | null;
  theme: Theme;
  /** Where files are opened, once somebody chose. */
  editor: Editor | null;
  /** Whether notifications are wanted; the browser has a say too. */
  notify: boolean;
}

export const initialView: View = {
  place: { page: "list" },
  search: "",
  status: null,
  category: null,
  sort: { key: "trouble", descending: false },
  grouped: true,
  gallery: false,
  collapsed: {},
  expanded: {},
  selected: {},
  pinned: {},
  current: null,
  dialog: null,
  logs: null,
  dock: null,
  theme: "system",
  editor: null,
  notify: false,
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

type Kept = Pick<
  View,
  "sort" | "grouped" | "gallery" | "collapsed" | "pinned" | "dock" | "theme" | "editor" | "notify"
>;

function keptOf({ sort, grouped, gallery, collapsed, pinned, dock, theme, editor, notify }: View): Kept {
  return { sort, grouped, gallery, collapsed, pinned, dock, theme, editor, notify };
}

const isBoolean = (value: unknown) => typeof value === "boolean";
const isSet = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const isOneOf = (all: readonly string[]) => (value: unknown) => typeof value === "string" && all.includes(value);

/** What was not written by this version of the page is left out, field by field. */
const isFine: Record<keyof Kept, (value: unknown) => boolean> = {
  sort: (value) => isSet(value) && isOneOf(sortKeys)((value as Partial<View["sort"]>).key),
  grouped: isBoolean,
  gallery: isBoolean,
  collapsed: isSet,
  pinned: isSet,
  dock: (value) => typeof value === "number",
  theme: isOneOf(themes),
  editor: isOneOf(editors),
  notify: isBoolean,
};

function read(storage: Pick<Storage, "getItem"> | null): Partial<Kept> {
  try {
    const parsed: unknown = JSON.parse(storage?.getItem(storageKey) ?? "{}");
    if (typeof parsed !== "object" || parsed === null) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter(([key, value]) => key in isFine && isFine[key as keyof Kept](value)),
    );
  } catch {
    return {}; // Whatever stands there was not written by us; begin afresh.
  }
}

/** A view store that remembers across visits what a person has chosen once, and not where they were. */
export function createViewStore(storage: Pick<Storage, "getItem" | "setItem"> | null): Store<View> {
  const store = createStore<View>({ ...initialView, ...read(storage) });
  let saved = "";
  store.subscribe(() => {
    const text = JSON.stringify(keptOf(store.get()));
    if (text === saved) return;
    saved = text;
    try {
      storage?.setItem(storageKey, text);
    } catch {
      // A full or forbidden storage costs the memory of these choices, nothing else.
    }
  });
  return store;
}
