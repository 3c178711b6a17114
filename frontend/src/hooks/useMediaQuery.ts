import { useCallback, useSyncExternalStore } from "react";

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Wide enough for the table; below it, cards. */
export const wide = "(min-width: 900px)";
/** Wide enough for the columns that are only pleasant. */
export const roomy = "(min-width: 1400px)";
/** Touched, not typed at: there a key is no hint. */
export const touched = "(pointer: coarse)";
