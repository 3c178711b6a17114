// Menus. What draws them is no part of the first load: until one is opened there is only its button.
import { cloneElement, type ComponentProps, type ReactElement, type ReactNode } from "react";
import type { ChoiceProps, ItemProps } from "./menuParts";
import { createOnDemand, useOnDemand } from "./onDemand";

export const menus = createOnDemand(() => import("./menuParts"));

interface MenuProps {
  trigger: ReactElement<ComponentProps<"button">>;
  children: ReactNode;
  align?: "start" | "end";
}

export function Menu({ trigger, ...rest }: MenuProps) {
  const { parts, wanted, want } = useOnDemand(menus);
  if (parts === null) return cloneElement(trigger, { "aria-haspopup": "menu", "aria-expanded": false, onClick: want });
  return <parts.Menu trigger={trigger} defaultOpen={wanted} {...rest} />;
}

// These stand in an open menu alone: then the parts are there.

export function MenuItem(props: ItemProps) {
  const parts = menus.get();
  return parts && <parts.MenuItem {...props} />;
}

export function MenuSeparator() {
  const parts = menus.get();
  return parts && <parts.MenuSeparator />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const parts = menus.get();
  return parts && <parts.MenuLabel>{children}</parts.MenuLabel>;
}

export function MenuChoice<T extends string>(props: ChoiceProps<T>) {
  const parts = menus.get();
  return parts && <parts.MenuChoice {...props} />;
}
