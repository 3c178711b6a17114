// The address bar and the view say the same: what changes in one changes in the other. The view is the truth while the
// page lives; the address is it on load, and when somebody goes back or forward.
//
// What scrolls is not the window but a part of it, so where each entry of the browser's history was scrolled to is kept
// here.
import { readAddress, saysHow, writeAddress, type Addressed } from "@/state/address";
import type { Store } from "@/state/store";
import type { AppTab, Place, View } from "@/state/view";

const storageKey = "berth.scroll";
const entriesKept = 60;

let scrolls = new Map<string, number>();
let entry = "";
let store: Store<View> | null = null;

function entryOf(state: unknown): string | null {
  if (typeof state !== "object" || state === null || !("entry" in state)) return null;
  return typeof state.entry === "string" ? state.entry : null;
}

/** The present entry of the browser's history. */
export function currentEntry(): string {
  return entry;
}

export function scrollOf(key: string): number {
  return scrolls.get(key) ?? 0;
}

export function keepScroll(key: string, top: number): void {
  scrolls.delete(key); // So that the oldest stand first.
  scrolls.set(key, top);
}

function loadScrolls(storage: Storage | null) {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(storageKey) ?? "[]");
    if (Array.isArray(kept)) scrolls = new Map(kept as [string, number][]);
  } catch {
    // Not ours.
  }
}

function saveScrolls(storage: Storage | null) {
  try {
    storage?.setItem(storageKey, JSON.stringify([...scrolls].slice(-entriesKept)));
  } catch {
    // Without a storage a reload begins at the top.
  }
}

/** Some browsers refuse after a hundred changes in half a minute; the address is then right with the next one. */
function write(how: "pushState" | "replaceState", address: string) {
  try {
    history[how]({ entry }, "", address);
  } catch {
    // The view is as it should be; only its address lags behind.
  }
}

/** While somebody types, an entry a letter would bury the way back. */
function isTyping(before: Addressed, after: Addressed): boolean {
  return writeAddress({ ...before, search: "" }) === writeAddress({ ...after, search: "" });
}

export function startNavigation(view: Store<View>, storage: Storage | null): void {
  store = view;
  loadScrolls(storage);
  history.scrollRestoration = "manual";
  let shown: Addressed = view.get();

  const follow = (addressed: Partial<Addressed>) => {
    const next = { ...view.get(), dialog: null, ...addressed };
    shown = next; // Known before anybody hears of it: what came from the address is not written back to it.
    view.update(() => next);
  };

  const here = readAddress(location.pathname, location.search);
  const { sort, grouped, gallery } = view.get();
  follow(saysHow(location.search) ? here : { ...here, sort, grouped, gallery });
  entry = entryOf(history.state) ?? crypto.randomUUID();
  write("replaceState", writeAddress(shown) + location.hash);

  view.subscribe(() => {
    const before = shown;
    const after = view.get();
    shown = after;
    const address = writeAddress(after);
    if (address === writeAddress(before)) return;
    if (isTyping(before, after)) {
      write("replaceState", address);
      return;
    }
    // Within the list, what is scrolled stays so; another place begins at its top.
    const scroll = before.place === after.place ? scrollOf(entry) : 0;
    entry = crypto.randomUUID();
    keepScroll(entry, scroll);
    write("pushState", address);
  });
  window.addEventListener("popstate", (event) => {
    entry = entryOf(event.state) ?? entry;
    follow(readAddress(location.pathname, location.search));
  });
  window.addEventListener("pagehide", () => saveScrolls(storage));
}

export function go(place: Place): void {
  store?.update((v) => ({ ...v, place, logs: null, dialog: null }));
}

export function goToApp(id: string, tab: AppTab = "overview"): void {
  go({ page: "app", id, tab });
}
