// Fetched when the first popover opens, or in an idle moment before. Use it by Popover.tsx.
import * as Radix from "@radix-ui/react-popover";
import type { ReactNode } from "react";

export interface PopoverProps {
  trigger: ReactNode;
  label: string;
  children: ReactNode;
}

/** Open at first: what fetched it was the wish to see it. */
export function Popover({ trigger, label, children, defaultOpen }: PopoverProps & { defaultOpen: boolean }) {
  return (
    <Radix.Root defaultOpen={defaultOpen}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 max-h-[75dvh] w-[min(380px,calc(100vw-16px))] overflow-y-auto rounded-xl border border-line bg-surface shadow-pop animate-rise outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
