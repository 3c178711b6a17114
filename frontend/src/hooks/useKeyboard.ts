// The page's keys (keymap.ts) and what they do. They never fire while somebody types, while a dialog is open, or where
// the focused control has a meaning of its own for the key.
import { useEffect } from "react";
import { commandsFor, type CommandKey } from "@/components/list/commands";
import { moveCurrent, selectMany, selectRow, visibleIds } from "@/components/list/selection";
import { everywhere, inList, inLogs, meaningOf, ofApp } from "@/keymap";
import { logFollowId, logSearchId } from "@/logs/ids";
import { searchId } from "@/components/shell/Toolbar";
import { go } from "@/navigation";
import { fleet, view } from "@/services";
import { underWay } from "@/state/fleet";
import { has, toggled, type DialogState, type Place } from "@/state/view";

const keys = { ...everywhere, ...ofApp, ...inList, ...inLogs };
type Meaning = Exclude<keyof typeof keys, "palette">;

const isList = () => view.get().place.page === "list";

/** The app that the keys act on: the one whose page this is, or the current row. */
function currentId(): string | null {
  const { place, current } = view.get();
  if (place.page === "app") return place.id;
  return place.page === "list" ? current : null;
}

function runOnCurrent(key: CommandKey): boolean {
  const current = currentId();
  const app = current === null ? undefined : fleet.get().apps[current];
  if (app === undefined) return false;
  const command = commandsFor(app, underWay(fleet.get(), app.id)).find((one) => one.key === key);
  if (command === undefined || command.unavailable !== null) return false;
  command.run();
  return true;
}

function expandCurrent(on: boolean): boolean {
  const { current } = view.get();
  if (current === null) return false;
  view.update((v) => (has(v.expanded, current) === on ? v : { ...v, expanded: toggled(v.expanded, current) }));
  return true;
}

function selectCurrent(): boolean {
  const { current } = view.get();
  if (current !== null) selectRow(current, false);
  return current !== null;
}

function withElement(id: string, act: (element: HTMLElement) => void): boolean {
  const element = document.getElementById(id);
  if (element !== null) act(element);
  return element !== null;
}

function goTo(place: Place): boolean {
  go(place);
  return true;
}

function inTheList(act: () => void): boolean {
  if (!isList()) return false;
  act();
  return true;
}

function openDialog(dialog: DialogState): boolean {
  view.update((v) => ({ ...v, dialog }));
  return true;
}

function escape(): boolean {
  const { logs, selected, place } = view.get();
  if (logs !== null) view.update((v) => ({ ...v, logs: null }));
  else if (place.page === "app") go({ page: "list" });
  else if (Object.keys(selected).length > 0) view.update((v) => ({ ...v, selected: {} }));
  else return false;
  return true;
}

/** Each returns true if it meant something here and now. */
const acts: Record<Meaning, () => boolean> = {
  search: () => withElement(searchId, (box) => box.focus()),
  create: () => openDialog({ kind: "create" }),
  help: () => openDialog({ kind: "help" }),
  escape,
  apps: () => goTo({ page: "list" }),
  activity: () => goTo({ page: "activity" }),
  allLogs: () => goTo({ page: "logs", apps: [] }),
  templates: () => goTo({ page: "templates" }),
  open: () => runOnCurrent("open"),
  logs: () => runOnCurrent("logs"),
  editor: () => runOnCurrent("editor"),
  check: () => runOnCurrent("check"),
  restart: () => runOnCurrent("restart") || runOnCurrent("wake"),
  stop: () => runOnCurrent("stop"),
  sleep: () => runOnCurrent("sleep") || runOnCurrent("wake"),
  delete: () => runOnCurrent("delete"),
  pin: () => runOnCurrent("pin"),
  next: () => inTheList(() => moveCurrent(1)),
  previous: () => inTheList(() => moveCurrent(-1)),
  page: () => isList() && runOnCurrent("page"),
  select: () => isList() && selectCurrent(),
  selectAll: () => inTheList(() => selectMany(visibleIds(), true)),
  expand: () => isList() && expandCurrent(true),
  collapse: () => isList() && expandCurrent(false),
  gallery: () => inTheList(() => view.update((v) => ({ ...v, gallery: !v.gallery }))),
  find: () => withElement(logSearchId, (box) => box.focus()),
  pause: () => withElement(logFollowId, (button) => button.click()),
};

function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}

/** Keys by which a control is pressed. */
const presses = ["Enter", " "];

/** True if the key is ours, or none of anybody's: the browser then does nothing with it. */
function handle(event: KeyboardEvent, target: HTMLElement): boolean {
  const onControl = target.closest("button, a, input, [role=separator]") !== null;
  // Held, Enter would press again and again: a tab for each.
  if (onControl && presses.includes(event.key)) return event.repeat;
  const meaning = meaningOf(keys, event);
  return meaning !== null && meaning !== "palette" && acts[meaning]();
}

export function useKeyboard(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openDialog(view.get().dialog?.kind === "palette" ? null : { kind: "palette" });
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || view.get().dialog !== null) return;
      if (event.target.closest('[role="menu"], [role="dialog"]') !== null) return;
      if (isTyping(event.target)) return;
      if (event.target.closest("[data-own-keys]") !== null && event.key !== "Escape") return;
      if (handle(event, event.target)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
