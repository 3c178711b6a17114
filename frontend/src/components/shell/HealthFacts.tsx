// What is known of Berth itself: pm2, syncs, disk, orphans.
import type { Health } from "@/api/types";
import { Facts, type Fact } from "@/components/ui/Facts";
import { duration, plural } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { lastHeard } from "@/state/fleet";
import { bedtimeOf } from "@/state/sleep";

function Server({ health }: { health: Health }) {
  const now = useNow();
  const heard = useStore(fleet, lastHeard);
  const { pm2, syncs, limits, sleep } = health;
  const [first, last] = limits.portRange;
  const facts: Fact[] = [
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
    ["Sleep", `${plural(sleep.asleep, "app")} asleep; an app is put to sleep ${bedtimeOf(sleep)}`],
    ["Limits", `${limits.maxRunning} running, ports ${first ?? "?"} to ${last ?? "?"}`],
  ];
  return <Facts className="grid-cols-[64px_1fr] gap-x-3 gap-y-1.5 px-4 py-3" facts={facts} />;
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

export function HealthFacts({ health }: { health: Health }) {
  return (
    <>
      <Server health={health} />
      <Orphans orphans={health.orphans} />
    </>
  );
}
