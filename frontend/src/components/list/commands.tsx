// What can be done with one app, and when. The table, the cards, the palette and the keyboard all take it from here,
// so that they never disagree.
import { ExternalLink, GitFork, Play, RotateCw, ScrollText, Square, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { App } from "@/api/types";
import { hintOf, inList } from "@/keymap";
import { actions, view } from "@/services";
import type { PendingAction } from "@/state/fleet";

export type CommandKey = "open" | "logs" | "restart" | "stop" | "fork" | "delete";

export interface Command {
  key: CommandKey;
  label: string;
  icon: ReactNode;
  shortcut: string | undefined;
  /** Why it cannot be done now, or null. */
  unavailable: string | null;
  run: () => void;
}

/** Always localhost: Next refuses its development resources to 127.0.0.1. */
export function appUrl(app: Pick<App, "port">): string {
  return `http://localhost:${app.port}`;
}

export function openApp(app: App): void {
  window.open(appUrl(app), "_blank", "noopener,noreferrer");
}

export function showLogs(id: string): void {
  view.update((v) => ({ ...v, logs: id, current: id }));
}

export function askToDelete(app: App): void {
  view.update((v) => ({ ...v, dialog: { kind: "bulk", action: "delete", apps: [app], what: `“${app.name}”` } }));
}

function isRunning(app: App): boolean {
  return app.pid > 0 || app.status === "online" || app.status === "launching";
}

export function commandsFor(app: App, busy: PendingAction | null): Command[] {
  const size = 15;
  const running = isRunning(app);
  const wait = busy === null ? null : `It is ${busy} right now`;
  const again = running ? "Restart" : app.status === "unknown" ? "Recover" : "Start";
  return [
    {
      key: "open",
      label: "Open",
      icon: <ExternalLink size={size} />,
      shortcut: hintOf(inList.open),
      unavailable: app.status === "online" ? null : "Only an online app can be opened",
      run: () => openApp(app),
    },
    {
      key: "logs",
      label: "Logs",
      icon: <ScrollText size={size} />,
      shortcut: hintOf(inList.logs),
      unavailable: null,
      run: () => showLogs(app.id),
    },
    {
      key: "restart",
      label: again,
      icon: running ? <RotateCw size={size} /> : <Play size={size} />,
      shortcut: hintOf(inList.restart),
      unavailable: wait,
      run: () => void actions.restart(app.id),
    },
    {
      key: "stop",
      label: "Stop",
      icon: <Square size={11} fill="currentColor" />,
      shortcut: hintOf(inList.stop),
      unavailable: wait ?? (running ? null : "It is not running"),
      run: () => void actions.stop(app.id),
    },
    {
      key: "fork",
      label: "Fork",
      icon: <GitFork size={size} />,
      shortcut: undefined,
      unavailable: null,
      run: () => view.update((v) => ({ ...v, dialog: { kind: "create", fork: app.id } })),
    },
    {
      key: "delete",
      label: app.owned ? "Delete" : "Forget",
      icon: <Trash2 size={size} />,
      shortcut: hintOf(inList.delete),
      unavailable: busy === "deleting" ? wait : null,
      run: () => askToDelete(app),
    },
  ];
}
