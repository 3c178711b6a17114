// Dialogs here open from state, not from a trigger, so Radix does not know where the focus belongs afterwards.
import { useState } from "react";
import { focusRow } from "@/components/list/selection";
import { view } from "@/services";

/** For `onCloseAutoFocus`: back to where the focus was when the dialog opened, or to the current row. */
export function useReturnFocus(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    const { current } = view.get();
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else if (current !== null) focusRow(current);
  };
}
