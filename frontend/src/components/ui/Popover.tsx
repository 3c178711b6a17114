import * as Radix from "@radix-ui/react-popover";
import type { ReactNode } from "react";

export function Popover({ trigger, label, children }: { trigger: ReactNode; label: string; children: ReactNode }) {
  return (
    <Radix.Root>
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
