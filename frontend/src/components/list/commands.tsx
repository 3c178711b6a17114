// What can be done with one app, and when. The table, the cards, the palette and the keyboard all take it from here,
// so that they never disagree.
import {
  AlarmClock,
  Code,
  Coffee,
  ExternalLink,
  GitFork,
  Info,
  Moon,
  Pin,
  PinOff,
  Play,
  RotateCw,
  ScrollText,
  Square,
  Stethoscope,
  Trash2,
} from "lucide-react";
import type { ReactNode } from "react";
import type { App, PageIssue } from "@/api/types";
import { hintOf, inList, ofApp } from "@/keymap";
import { goToApp } from "@/navigation";
import { actions, fleet, view } from "@/services";
import type { PendingAction } from "@/state/fleet";
import { editorNames, editorUrl, folderOf } from "@/state/folder";
import { canOpen, isAsleep, isRunning } from "@/state/sleep";
import { has, toggled } from "@/state/view";

export type CommandKey =
  | "open"
  | "logs"
  | "restart"
  | "wake"
  | "stop"
  | "sleep"
  | "fork"
  | "delete"
  | "page"
  | "editor"
  | "check"
  | "awake"
  | "pin";

export interface Command {
  key: CommandKey;
  label: string;
  icon: ReactNode;
  shortcut: string | undefined;
  /** Said with its label, where that says too little. */
  note?: string | null;
  /** Why it cannot be done now, or null. */
  unavailable: string | null;
  /** Has a button in each row of the list; the others are on the app's page. */
  inRow: boolean;
  run: () => void;
}

/** Wake stands where restart stands, and keeps the focus for it. */
export function placeOf(key: CommandKey): CommandKey {
  return key === "wake" ? "restart" : key;
}

/** Always localhost: Next refuses its development resources to 127.0.0.1. */
export function appUrl(app: Pick<App, "port">): string {
  return `http://localhost:${app.port}`;
}

/** The same app by its name, on the port that the dashboard came from: with cookies of its own, and it waits while the app starts. */
export function namedUrl(app: Pick<App, "slug">): string {
  const { port } = window.location;
  return `http://${app.slug}.localhost${port === "" ? "" : `:${port}`}`;
}

export function openApp(app: App): void {
  window.open(appUrl(app), "_blank", "noopener,noreferrer");
}

/** Below the list, where that is; else on the app's own page. */
export function showLogs(id: string): void {
  if (view.get().place.page === "list") view.update((v) => ({ ...v, logs: id, current: id }));
  else goToApp(id, "logs");
}

export function togglePin(id: string): void {
  view.update((v) => ({ ...v, pinned: toggled(v.pinned, id) }));
}

/** Where the chosen editor opens the app's folder, or the file with the error; null as long as either is not known. */
export function editorHref(app: Pick<App, "directory">, issue?: PageIssue): string | null {
  const { editor } = view.get();
  const folder = folderOf(app, fleet.get().health?.root);
  if (editor === null || folder === null) return null;
  if (issue === undefined || issue.file === null) return editorUrl(editor, folder);
  const file = issue.file.startsWith("/") ? issue.file : `${folder}/${issue.file}`;
  return editorUrl(editor, file, issue);
}

/** Where none is chosen yet, the app's page asks which. */
function openInEditor(app: App): void {
  const href = editorHref(app);
  if (href === null) goToApp(app.id);
  else window.location.assign(href);
}

export function askToDelete(app: App): void {
  view.update((v) => ({ ...v, dialog: { kind: "bulk", action: "delete", apps: [app], what: `“${app.name}”` } }));
}

function waiting(busy: PendingAction | null): string | null {
  return busy && `It is ${busy === "sleeping" ? "falling asleep" : busy} right now`;
}

function moreCommands(app: App, busy: PendingAction | null): Command[] {
  const size = 15;
  const { editor, pinned } = view.get();
  const isPinned = has(pinned, app.id);
  const one = (key: CommandKey, label: string, icon: ReactNode, shortcut: string | undefined, run: () => void) => ({
    ...{ key, label, icon, shortcut, run },
    unavailable: null,
    inRow: false,
  });
  const asked = one("check", "Check now", <Stethoscope size={size} />, hintOf(ofApp.check), () => {
    void actions.check(app.id);
  });
  const editorLabel = editor === null ? "Open in the editor" : `Open in ${editorNames[editor]}`;
  return [
    {
      ...asked,
      unavailable: app.status !== "online" ? "Only an online app can be asked" : waiting(busy),
    },
    one("editor", editorLabel, <Code size={size} />, hintOf(ofApp.editor), () => openInEditor(app)),
    one("page", "The app's page", <Info size={size} />, hintOf(inList.page), () => goToApp(app.id)),
    one("awake", app.keepAwake ? "Let it sleep" : "Keep awake", <Coffee size={size} />, undefined, () => {
      void actions.edit(app.id, { keepAwake: !app.keepAwake });
    }),
    one(
      "pin",
      isPinned ? "Unpin" : "Pin to the top",
      isPinned ? <PinOff size={size} /> : <Pin size={size} />,
      hintOf(ofApp.pin),
      () => togglePin(app.id),
    ),
  ];
}

function whyNoSleep(app: App): string | null {
  if (isAsleep(app)) return "It sleeps already";
  return isRunning(app) ? null : "Only what runs can sleep";
}

export function commandsFor(app: App, busy: PendingAction | null): Command[] {
  const size = 15;
  const running = isRunning(app);
  const asleep = isAsleep(app);
  const wait = waiting(busy);
  const again = running ? "Restart" : app.status === "unknown" ? "Recover" : "Start";
  return [
    {
      key: "open",
      label: "Open",
      note: asleep ? app.statusReason : null,
      icon: <ExternalLink size={size} />,
      shortcut: hintOf(ofApp.open),
      unavailable: canOpen(app) ? null : "Only an online app can be opened",
      run: () => openApp(app),
      inRow: true,
    },
    {
      key: "logs",
      label: "Logs",
      icon: <ScrollText size={size} />,
      shortcut: hintOf(ofApp.logs),
      unavailable: null,
      run: () => showLogs(app.id),
      inRow: true,
    },
    asleep
      ? {
          key: "wake",
          label: "Wake",
          icon: <AlarmClock size={size} />,
          shortcut: hintOf(ofApp.sleep),
          unavailable: wait,
          run: () => void actions.wake(app.id),
          inRow: true,
        }
      : {
          key: "restart",
          label: again,
          icon: running ? <RotateCw size={size} /> : <Play size={size} />,
          shortcut: hintOf(ofApp.restart),
          unavailable: wait,
          run: () => void actions.restart(app.id),
          inRow: true,
        },
    {
      key: "stop",
      label: "Stop",
      icon: <Square size={11} fill="currentColor" />,
      shortcut: hintOf(ofApp.stop),
      unavailable: wait ?? (running || asleep ? null : "It is not running"),
      run: () => void actions.stop(app.id),
      inRow: true,
    },
    {
      key: "sleep",
      label: "Sleep",
      icon: <Moon size={size} />,
      shortcut: hintOf(ofApp.sleep),
      unavailable: wait ?? whyNoSleep(app),
      run: () => void actions.sleep(app.id),
      inRow: true,
    },
    {
      key: "fork",
      label: "Fork",
      icon: <GitFork size={size} />,
      shortcut: undefined,
      unavailable: null,
      run: () => view.update((v) => ({ ...v, dialog: { kind: "create", fork: app.id } })),
      inRow: true,
    },
    {
      key: "delete",
      label: app.owned ? "Delete" : "Forget",
      icon: <Trash2 size={size} />,
      shortcut: hintOf(ofApp.delete),
      unavailable: busy === "deleting" ? wait : null,
      run: () => askToDelete(app),
      inRow: true,
    },
    ...moreCommands(app, busy),
  ];
}

/** Those with a button in each row; `narrow`: where there is no room for all, a fork is made on the app's page. */
export function rowCommands(app: App, busy: PendingAction | null, narrow: boolean): Command[] {
  return commandsFor(app, busy).filter(({ key, inRow }) => inRow && !(narrow && key === "fork"));
}
