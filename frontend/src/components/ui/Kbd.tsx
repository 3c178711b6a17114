import type { ReactNode } from "react";

export function Kbd({ children, inverted = false }: { children: ReactNode; inverted?: boolean }) {
  const tone = inverted ? "border-current opacity-80" : "border-line-strong bg-canvas text-ink-2";
  return <kbd className={`rounded border px-1 font-mono text-[11px] leading-4 ${tone}`}>{children}</kbd>;
}
