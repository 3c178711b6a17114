// Says how fresh the page is, and never claims more than is known.
import { Radio, RefreshCw, Unplug } from "lucide-react";
import { ago } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import type { ConnectionState } from "@/state/fleet";

const looks = {
  connecting: { icon: RefreshCw, className: "bg-stopped-soft text-stopped", word: "Connecting…" },
  live: { icon: Radio, className: "bg-online-soft text-online", word: "Live" },
  polling: { icon: RefreshCw, className: "bg-launching-soft text-launching", word: "Every 3 s" },
  offline: { icon: Unplug, className: "bg-errored-soft text-errored", word: "Offline" },
} as const;

function Age({ asOf }: Pick<ConnectionState, "asOf">) {
  const now = useNow();
  return <> · {asOf === null ? "nothing read yet" : `as of ${ago(Math.max(2_000, now - asOf))}`}</>;
}

const titles: Record<ConnectionState["state"], string> = {
  connecting: "Asking Berth for the apps",
  live: "Every change arrives at once",
  polling: "The live connection is down: the list is read every 3 seconds, and the connection is tried again",
  offline: "Berth does not answer. What you see is as old as it says; the connection is tried again",
};

export function ConnectionPill() {
  const { state, asOf } = useStore(fleet, (s) => s.connection);
  const { icon: Icon, className, word } = looks[state];
  return (
    <span
      data-testid="connection"
      data-state={state}
      title={titles[state]}
      className={`inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium whitespace-nowrap ${className}`}
    >
      <Icon size={13} aria-hidden />
      <span>
        {/* Only the word is announced: an age that grows by the second would be read out by the second. */}
        <span role="status">{word}</span>
        {state === "offline" && <Age asOf={asOf} />}
      </span>
    </span>
  );
}
