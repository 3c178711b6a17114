import { ArrowDown } from "lucide-react";
import { useStore } from "@/hooks/useStore";
import { plural } from "@/format";
import type { LogTerminal } from "./logTerminal";

/** Shown while paused: how much has come since, and the way back. */
export function UnseenButton({ terminal }: { terminal: LogTerminal }) {
  const { paused, unseen } = useStore(terminal.state, (s) => s);
  if (paused === false) return null;
  return (
    <button
      type="button"
      data-testid="log-unseen"
      className="absolute right-6 bottom-3 z-10 inline-flex h-8 items-center gap-1.5 rounded-full bg-accent px-3.5 text-xs font-medium text-accent-ink shadow-pop hover:bg-accent-hover"
      onClick={() => terminal.follow()}
    >
      <ArrowDown size={14} aria-hidden />
      {unseen === 0 ? "Paused · go to the end" : plural(unseen, "new line")}
    </button>
  );
}
