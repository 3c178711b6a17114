// The menus themselves: fetched when the first one opens, or in an idle moment before. Use them by Menu.tsx.
import * as Radix from "@radix-ui/react-dropdown-menu";
import { Check } from "lucide-react";
import type { ReactNode } from "react";

const item =
  "relative flex h-8 items-center gap-2 rounded-md px-2 outline-none select-none data-[highlighted]:bg-accent-soft " +
  "data-[highlighted]:text-accent-text data-[disabled]:opacity-45";

export interface MenuProps {
  trigger: ReactNode;
  children: ReactNode;
  align?: "start" | "end";
}

/**
 * Open at first: what fetched it was the wish to see it. It stands in `main`, since whoever goes by landmarks would not
 * find it elsewhere (but where something else has the page), and lets the rest of the page be: a menu is no dialog.
 */
export function Menu({ trigger, children, align = "end", defaultOpen }: MenuProps & { defaultOpen: boolean }) {
  return (
    <Radix.Root defaultOpen={defaultOpen} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal container={document.querySelector("main:not([inert], [inert] *)")}>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-[70dvh] min-w-44 max-w-80 overflow-y-auto rounded-lg border border-line bg-surface p-1 shadow-pop animate-rise"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ItemProps {
  children: ReactNode;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

export function MenuItem({ children, icon, danger = false, disabled = false, onSelect }: ItemProps) {
  return (
    <Radix.Item className={`${item} ${danger ? "text-errored" : ""}`} disabled={disabled} onSelect={onSelect}>
      {icon}
      <span className="truncate">{children}</span>
    </Radix.Item>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-0.5 text-xs text-ink-3">{children}</Radix.Label>;
}

export interface ChoiceProps<T extends string> {
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

export function MenuChoice<T extends string>({ value, options, onChange }: ChoiceProps<T>) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={`${item} pl-7`}>
          <Radix.ItemIndicator className="absolute left-2">
            <Check size={14} />
          </Radix.ItemIndicator>
          <bdi className="truncate">{option.label}</bdi>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}
