// How Berth itself is: pm2, syncs, orphans. Behind a button, because it matters rarely, but then at once.
import { Activity, TriangleAlert } from "lucide-react";
import type { Health } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { duration } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { conditionOf, lastHeard, type Condition } from "@/state/fleet";

function Facts({ health }: { health: Health }) {
  const now = useNow();
  const heard = useStore(fleet, lastHeard);
  const { pm2, syncs, limits } = health;
  const [first, last] = limits.portRange;
  const facts: [string, string][] = [
    ["Berth", `${health.version}, up ${duration((heard ?? now) - Date.parse(health.startedAt))}`],
    ["Folder", health.root],
    [
      "pm2",
      pm2.connected
        ? `connected, ${pm2.version ?? "version unknown"}, daemon pid ${pm2.daemonPid ?? "unknown"}`
        : `not connected${pm2.error === null ? "" : `: ${pm2.error}`}`,
    ],
    ["Bridge", `pid ${pm2.bridgePid ?? "none"}, restarted ${pm2.bridgeRestarts} times`],
    ["Syncs", `${syncs.count}, ${syncs.failed} failed, last took ${syncs.lastMs} ms`],
    ["Limits", `${limits.maxRunning} running, ports ${first ?? "?"} to ${last ?? "?"}`],
  ];
  return (
    <dl className="grid grid-cols-[64px_1fr] gap-x-3 gap-y-1.5 px-4 py-3">
      {facts.map(([term, value]) => (
        <div key={term} className="contents">
          <dt className="text-ink-3">{term}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A row of another Berth, or somebody's own, is nothing to advise on: it only explains what else pm2 shows. */
function Orphans({ orphans }: { orphans: Health["orphans"] }) {
  if (orphans.length === 0) return null;
  const removable = orphans.some((orphan) => !orphan.foreign);
  return (
    <section className="border-t border-line px-4 py-3" data-testid="orphans">
      <h3 className="font-semibold">Processes in pm2 that belong to no app</h3>
      <p className="mt-0.5 text-ink-2">
        Berth leaves them alone.{removable && " Remove one of this Berth's with: pm2 delete and its name."}
      </p>
      <ul className="mt-1.5 font-mono text-xs">
        {orphans.map((orphan) => (
          <li key={orphan.pmId}>
            {orphan.name} (pm2 id {orphan.pmId}
            {orphan.port > 0 && `, port ${orphan.port}`}){orphan.foreign && ` in ${orphan.directory}: not this Berth's`}
          </li>
        ))}
      </ul>
    </section>
  );
}

const words: Record<Condition, { title: string; label: string }> = {
  well: { title: "Berth is well", label: "fine" },
  trouble: { title: "Berth needs attention", label: "needs attention" },
  silent: { title: "Berth does not answer", label: "no answer" },
  asking: { title: "Asking Berth how it is", label: "not known yet" },
};

export function HealthPopover() {
  const health = useStore(fleet, (state) => state.health);
  const condition = useStore(fleet, conditionOf);
  const { title, label } = words[condition];
  const alarming = condition === "trouble" || condition === "silent";
  const notes = alarming || (health?.orphans.length ?? 0) > 0;
  const Icon = alarming ? TriangleAlert : Activity;
  return (
    <Popover
      label="Health of Berth"
      trigger={
        <Button
          variant="ghost"
          aria-label={`Health of Berth: ${label}`}
          data-testid="health"
          className="relative w-8 px-0!"
        >
          <Icon size={16} aria-hidden className={alarming ? "text-unknown" : ""} />
          {notes && <span aria-hidden className="absolute top-1 right-1 size-1.5 rounded-full bg-unknown-dot" />}
        </Button>
      }
    >
      <h2 className="border-b border-line px-4 py-2.5 font-semibold">{title}</h2>
      {condition === "silent" && health !== null && <p className="px-4 pt-3 text-ink-2">This is what it said last:</p>}
      {health === null ? <p className="p-4 text-ink-2">No answer from Berth yet.</p> : <Facts health={health} />}
      {health !== null && <Orphans orphans={health.orphans} />}
    </Popover>
  );
}
