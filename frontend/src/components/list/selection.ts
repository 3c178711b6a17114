// Where the keyboard is among the rows, and selecting among them.
import type { App } from "@/api/types";
import { list, view } from "@/services";
import type { PendingAction } from "@/state/fleet";
import { rowsOf } from "@/state/list";
import { isAsleep } from "@/state/sleep";
import { toggled } from "@/state/view";

let anchor: string | null = null;

/** The apps that have a row, in order. */
export function visibleIds(): readonly string[] {
  return rowsOf(list.get(), view.get().collapsed);
}

export function rowId(id: string): string {
  return `row-${id}`;
}

/** What each form of a row carries: what app it is, and the keyboard's place. */
export function rowAttributes(app: App, busy: PendingAction | null, current: boolean) {
  const { id } = app;
  return {
    id: rowId(id),
    "data-app-id": id,
    "data-status": app.status,
    "data-asleep": isAsleep(app) || undefined,
    "data-page": app.page?.state,
    "data-operation": busy ?? undefined,
    tabIndex: current ? 0 : -1,
    onFocus: () => view.update((v) => (v.current === id ? v : { ...v, current: id })),
  };
}

/** The rows became others: when the current one went away, the one in its place takes over, and the lost focus too. */
export function keepCurrent(before: readonly string[], ids: readonly string[]): void {
  const { current } = view.get();
  const at = current === null ? -1 : before.indexOf(current);
  if (current === null || at < 0 || ids.includes(current)) return;
  const next = ids[Math.min(at, ids.length - 1)] ?? null;
  view.update((v) => ({ ...v, current: next }));
  if (next !== null && document.activeElement === document.body) focusRow(next);
}

export function selectRow(id: string, range: boolean): void {
  const visible = visibleIds();
  const from = anchor === null ? -1 : visible.indexOf(anchor);
  const to = visible.indexOf(id);
  anchor = id;
  if (!range || from < 0 || to < 0) {
    view.update((v) => ({ ...v, selected: toggled(v.selected, id) }));
    return;
  }
  const added = visible.slice(Math.min(from, to), Math.max(from, to) + 1);
  view.update((v) => ({
    ...v,
    selected: { ...v.selected, ...Object.fromEntries(added.map((one) => [one, true as const])) },
  }));
}

export function selectMany(ids: readonly string[], on: boolean): void {
  view.update((v) => {
    const selected = Object.fromEntries(Object.entries(v.selected).filter(([id]) => !ids.includes(id)));
    return {
      ...v,
      selected: on ? { ...selected, ...Object.fromEntries(ids.map((id) => [id, true as const])) } : selected,
    };
  });
}

export function focusRow(id: string): void {
  view.update((v) => ({ ...v, current: id }));
  const row = document.getElementById(rowId(id));
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** Moves the current row by `step`; from nowhere, to the first or last. */
export function moveCurrent(step: 1 | -1): void {
  const { current } = view.get();
  const visible = visibleIds();
  const at = current === null ? -1 : visible.indexOf(current);
  const next = at < 0 ? (step > 0 ? 0 : visible.length - 1) : Math.min(visible.length - 1, Math.max(0, at + step));
  const id = visible[next];
  if (id !== undefined) focusRow(id);
}

export function focusCurrentRow(): void {
  const { current } = view.get();
  if (current !== null) focusRow(current);
}
