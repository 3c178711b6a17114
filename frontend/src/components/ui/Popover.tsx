// A popover. What draws it is no part of the first load: until it is opened there is only its button.
import { cloneElement, type ComponentProps, type ReactElement, type ReactNode } from "react";
import { createOnDemand, useOnDemand } from "./onDemand";

export const popovers = createOnDemand(() => import("./popoverParts"));

interface PopoverProps {
  trigger: ReactElement<ComponentProps<"button">>;
  label: string;
  children: ReactNode;
}

export function Popover({ trigger, ...rest }: PopoverProps) {
  const { parts, wanted, want } = useOnDemand(popovers);
  if (parts === null)
    return cloneElement(trigger, { "aria-haspopup": "dialog", "aria-expanded": false, onClick: want });
  return <parts.Popover trigger={trigger} defaultOpen={wanted} {...rest} />;
}
