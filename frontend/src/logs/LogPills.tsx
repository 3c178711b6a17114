// What floats over the lines: how much has come since it was paused, and the way back; at the first line, the way to
// what is older.
import { ArrowDown, ArrowUp } from "lucide-react";
import { plural } from "@/format";
import { useStore } from "@/hooks/useStore";
import type { Logs } from "./useLogs";

const pill = "absolute z-10 inline-flex h-8 items-center gap-1.5 rounded-full px-3.5 text-xs font-medium shadow-pop";

export function LogPills({ logs, onOlder }: { logs: Logs; onOlder: () => void }) {
  const { model, sessions } = logs;
  const paused = useStore(model.state, (s) => s.paused !== false);
  const unseen = useStore(model.state, (s) => s.unseen);
  const atTop = useStore(model.state, (s) => s.atTop);
  return (
    <>
      {atTop && sessions.some((session) => session.hasOlder()) && (
        <button
          type="button"
          data-testid="log-older"
          className={`${pill} top-3 left-1/2 -translate-x-1/2 border border-line-strong bg-surface text-ink hover:bg-hover`}
          onClick={onOlder}
        >
          <ArrowUp size={14} aria-hidden />
          Load older lines
        </button>
      )}
      {paused && (
        <button
          type="button"
          data-testid="log-unseen"
          className={`${pill} right-6 bottom-3 bg-accent text-accent-ink hover:bg-accent-hover`}
          onClick={() => model.follow()}
        >
          <ArrowDown size={14} aria-hidden />
          {unseen === 0 ? "Paused · go to the end" : plural(unseen, "new line")}
        </button>
      )}
    </>
  );
}
