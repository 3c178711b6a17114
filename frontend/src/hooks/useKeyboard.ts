// The page's keys (keymap.ts) and what they do. They never fire while somebody types, while a dialog is open, or where
// the focused control has a meaning of its own for the key.
import { useEffect } from "react";
import { commandsFor, type CommandKey } from "@/components/list/commands";
import { moveCurrent, selectMany, selectRow, visibleIds } from "@/components/list/selection";
import { everywhere, inList, inLogs, meaningOf } from "@/keymap";
import { logFollowId, logSearchId } from "@/logs/ids";
import { searchId } from "@/components/shell/Toolbar";
import { fleet, view } from "@/services";
import { underWay } from "@/state/fleet";
import { has, toggled, type DialogState } from "@/state/view";

const keys = { ...everywhere, ...inList, ...inLogs };
type Meaning = Exclude<keyof typeof keys, "palette">;

function runOnCurrent(key: CommandKey): boolean {
  const { current } = view.get();
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

function openDialog(dialog: DialogState): boolean {
  view.update((v) => ({ ...v, dialog }));
  return true;
}

function escape(): boolean {
  const { logs, selected } = view.get();
  if (logs !== null) view.update((v) => ({ ...v, logs: null }));
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
  next: () => (moveCurrent(1), true),
  previous: () => (moveCurrent(-1), true),
  open: () => runOnCurrent("open"),
  logs: () => runOnCurrent("logs"),
  restart: () => runOnCurrent("restart"),
  stop: () => runOnCurrent("stop"),
  delete: () => runOnCurrent("delete"),
  select: selectCurrent,
  selectAll: () => (selectMany(visibleIds(), true), true),
  expand: () => expandCurrent(true),
  collapse: () => expandCurrent(false),
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
