// React's view of a store: a component renders again only when the part it selected changed.
import { useCallback, useRef, useSyncExternalStore } from "react";
import type { ReadableStore } from "@/state/store";

export function useStore<S, T>(
  store: ReadableStore<S>,
  select: (state: S) => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T {
  const last = useRef<{ value: T } | null>(null);
  const read = useCallback(() => {
    const next = select(store.get());
    if (last.current !== null && isEqual(last.current.value, next)) return last.current.value;
    last.current = { value: next };
    return next;
  }, [store, select, isEqual]);
  return useSyncExternalStore(store.subscribe, read);
}

/** For selectors that build a fresh object each time. */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
