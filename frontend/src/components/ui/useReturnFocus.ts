// Dialogs here open from state, not from a trigger, so Radix does not know where the focus belongs afterwards. One may
// open another in its place (the palette does): the focus belongs where it was before the first.
import { createContext, useContext, useEffect, useState } from "react";

/** Where the focus goes when what had it is gone. */
export const FocusFallback = createContext<() => void>(() => undefined);

let open = 0;
let origin: Element | null = null;

/** For `onCloseAutoFocus`. */
export function useReturnFocus(): (event: Event) => void {
  const fallBack = useContext(FocusFallback);
  useState(() => {
    origin ??= document.activeElement;
  });
  useEffect(() => {
    open += 1;
    return () => {
      open -= 1;
    };
  }, []);
  return (event) => {
    event.preventDefault();
    if (open > 0) return;
    const before = origin;
    origin = null;
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else fallBack();
  };
}
