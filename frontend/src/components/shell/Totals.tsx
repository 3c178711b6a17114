// The strip of totals: what the apps use together, and how that stands to the whole machine.
import type { ReactNode } from "react";
import { Sparkline } from "@/components/charts/Sparkline";
import { memory, percent } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet, metrics } from "@/services";

function Total({ label, value, of, children }: { label: string; value: string; of?: string | undefined; children?: ReactNode }) {
  return (
    <div className="flex shrink-0 items-center gap-3">
      <div>
        <dt className="text-[11px] leading-4 text-ink-3">{label}</dt>
        <dd className="text-[13px] leading-4 whitespace-nowrap">
          <span className="font-semibold">{value}</span>
          {of !== undefined && <span className="text-ink-3"> {of}</span>}
        </dd>
      </div>
      {children}
    </div>
  );
}

function Meter({ part, label }: { part: number; label: string }) {
  const full = Math.min(100, Math.max(0, part * 100));
  const tone = full > 90 ? "bg-errored-dot" : full > 75 ? "bg-launching-dot" : "bg-accent";
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(full)}
      className="h-1.5 w-16 overflow-hidden rounded-full bg-line"
    >
      <div className={`h-full rounded-full ${tone}`} style={{ width: `${full}%` }} />
    </div>
  );
}

export function Totals() {
  const apps = useStore(
    fleet,
    (state) => {
      const all = Object.values(state.apps);
      return {
        running: all.filter((app) => app.status === "online" || app.status === "launching").length,
        cpu: all.reduce((total, app) => total + app.cpuPercent, 0),
        memory: all.reduce((total, app) => total + app.memoryMB, 0),
      };
    },
    sameJson,
  );
  const machine = useStore(fleet, (state) => state.health?.machine);
  const limit = useStore(fleet, (state) => state.health?.limits.maxRunning);
  const cores = machine?.cores ?? 1;
  return (
    <dl className="flex items-center gap-x-7 gap-y-2 overflow-x-auto px-4 py-2" data-testid="totals">
      <Total label="Running" value={String(apps.running)} of={limit === undefined ? undefined : `of ${limit}`} />
      <Total label="Apps, CPU" value={percent(apps.cpu)}>
        <Sparkline read={() => metrics.totals()} pick="cpu" width={80} height={24} floor={50} />
      </Total>
      <Total label="Apps, memory" value={memory(apps.memory)}>
        <Sparkline read={() => metrics.totals()} pick="memory" width={80} height={24} floor={1024} />
      </Total>
      <Total
        label="Machine, CPU"
        value={machine === undefined ? "–" : percent(machine.cpuPercent)}
        of={machine === undefined ? undefined : `of ${cores} cores`}
      >
        <Meter part={(machine?.cpuPercent ?? 0) / 100} label="Machine CPU used, percent" />
      </Total>
      <Total
        label="Machine, memory"
        value={machine === undefined ? "–" : memory(machine.memoryUsedMB)}
        of={machine === undefined ? undefined : `of ${memory(machine.memoryTotalMB)}`}
      >
        <Meter part={machine === undefined ? 0 : machine.memoryUsedMB / machine.memoryTotalMB} label="Machine memory used, percent" />
      </Total>
    </dl>
  );
}
