// The page's keys, in one place. They never fire while somebody types, while a dialog is open, or where the focused
// control has a meaning of its own for the key.
import { useEffect } from "react";
import { commandsFor, type CommandKey } from "@/components/list/commands";
import { moveCurrent, selectMany, selectRow, visibleIds } from "@/components/list/selection";
import { logSearchId } from "@/logs/ids";
import { searchId } from "@/components/shell/Toolbar";
import { fleet, view } from "@/services";
import { underWay } from "@/state/fleet";
import { has, toggled } from "@/state/view";

const rowKeys: Record<string, CommandKey> = {
  Enter: "open",
  o: "open",
  l: "logs",
  r: "restart",
  s: "stop",
  x: "delete",
  Delete: "delete",
};

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

function focusIfThere(id: string): boolean {
  const element = document.getElementById(id);
  element?.focus();
  return element !== null;
}

/** The list keeps the focus while the logs are open beside it, so their keys work from here too. */
function pauseOrFollow(): boolean {
  const button = document.querySelector<HTMLElement>('[data-testid="log-follow"]');
  button?.click();
  return button !== null;
}

function escape(): boolean {
  const { logs, selected } = view.get();
  if (logs !== null) view.update((v) => ({ ...v, logs: null }));
  else if (Object.keys(selected).length > 0) view.update((v) => ({ ...v, selected: {} }));
  else return false;
  return true;
}

/** True if the key meant something. */
function handle(key: string, onControl: boolean): boolean {
  const { current } = view.get();
  const row = rowKeys[key];
  if (row !== undefined) return key === "Enter" && onControl ? false : runOnCurrent(row);
  switch (key) {
    case "/":
      return focusIfThere(searchId);
    case "c":
      view.update((v) => ({ ...v, dialog: { kind: "create" } }));
      return true;
    case "?":
      view.update((v) => ({ ...v, dialog: { kind: "help" } }));
      return true;
    case "j":
    case "ArrowDown":
      moveCurrent(1);
      return true;
    case "k":
    case "ArrowUp":
      moveCurrent(-1);
      return true;
    case "ArrowRight":
      return expandCurrent(true);
    case "ArrowLeft":
      return expandCurrent(false);
    case "f":
      return focusIfThere(logSearchId);
    case "p":
      return pauseOrFollow();
    case "a":
      selectMany(visibleIds(), true);
      return true;
    case " ":
      if (onControl || current === null) return false;
      selectRow(current, false);
      return true;
    case "Escape":
      return escape();
    default:
      return false;
  }
}

function isTyping(target: HTMLElement): boolean {
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}

export function useKeyboard(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !(event.target instanceof HTMLElement)) return;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        view.update((v) => ({ ...v, dialog: v.dialog?.kind === "palette" ? null : { kind: "palette" } }));
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || view.get().dialog !== null) return;
      if (event.target.closest('[role="menu"], [role="dialog"]') !== null) return;
      if (isTyping(event.target)) return;
      const onControl = event.target.closest("button, a, input, [role=separator]") !== null;
      if (event.target.closest("[data-own-keys]") !== null && event.key !== "Escape") return;
      if (handle(event.key, onControl)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
