// What somebody chose for all logs, kept across visits.
import { createStore } from "@/state/store";
import { editors, type Editor } from "@/state/view";

export interface Settings {
  wrap: boolean;
  times: boolean;
  editor: Editor;
}

const lookKey = "berth.logs";
/** Also of other parts of the page: which editor a file is opened in. */
const editorKey = "berth.editor";

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // Forbidden by the browser's settings.
  }
}

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // Full or forbidden: it is chosen for this visit only.
  }
}

export function readSettings(look: string | null, editor: string | null): Settings {
  const known = editors.find((one) => one === editor) ?? "vscode";
  try {
    const kept: unknown = JSON.parse(look ?? "{}");
    const of = typeof kept === "object" && kept !== null ? (kept as Partial<Record<keyof Settings, unknown>>) : {};
    return { wrap: of.wrap !== false, times: of.times === true, editor: known };
  } catch {
    return { wrap: true, times: false, editor: known }; // Whatever stands there was not written by us.
  }
}

export const settings = createStore<Settings>(
  readSettings(
    typeof window === "undefined" ? null : stored(lookKey),
    typeof window === "undefined" ? null : stored(editorKey),
  ),
);

export function choose(change: Partial<Settings>): void {
  settings.update((before) => ({ ...before, ...change }));
  const { wrap, times, editor } = settings.get();
  store(lookKey, JSON.stringify({ wrap, times }));
  if (change.editor !== undefined) store(editorKey, editor);
}
