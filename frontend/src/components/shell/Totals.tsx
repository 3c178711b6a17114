// The strip of totals: what the apps use together, and how that stands to the whole machine.
import type { ReactNode } from "react";
import { Sparkline } from "@/components/charts/Sparkline";
import { memory, percent, plural } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet, metrics } from "@/services";
import { isAsleep } from "@/state/sleep";

interface TotalProps {
  label: string;
  value: string;
  of?: string | undefined;
  /** Room for the widest value, so that a digit more moves nothing. */
  width: string;
  graph?: ReactNode;
  meter?: ReactNode;
}

function Total({ label, value, of, width, graph, meter }: TotalProps) {
  return (
    <li className="flex items-center gap-2.5">
      <div className={width}>
        <div className="text-[11px] leading-4 whitespace-nowrap text-ink-3">{label}</div>
        <div className="leading-4 whitespace-nowrap">
          <span className="font-semibold">{value}</span>
          {of !== undefined && <span className="text-ink-3"> {of}</span>}
        </div>
        {/* Its place is kept without one too, so that all labels stand on one line. */}
        {meter ?? <div className="mt-0.5 h-[3px]" />}
      </div>
      {graph !== undefined && <div className="max-roomy:hidden">{graph}</div>}
    </li>
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
      className="mt-0.5 h-[3px] overflow-hidden rounded-full bg-line"
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
        asleep: all.filter(isAsleep).length,
        cpu: all.reduce((total, app) => total + app.cpuPercent, 0),
        memory: all.reduce((total, app) => total + app.memoryMB, 0),
      };
    },
    sameJson,
  );
  const machine = useStore(fleet, (state) => state.health?.machine);
  const limit = useStore(fleet, (state) => state.health?.limits.maxRunning);
  return (
    <ul aria-label="Totals" className="flex flex-wrap items-center gap-x-6 gap-y-2" data-testid="totals">
      <Total
        label="Running"
        value={String(apps.running)}
        of={limit === undefined ? undefined : `of ${limit}`}
        width="w-16"
      />
      <Total label="Asleep" value={String(apps.asleep)} width="w-10" />
      <Total
        label="Apps, CPU"
        value={percent(apps.cpu)}
        width="w-16"
        graph={<Sparkline read={() => metrics.totals()} pick="cpu" width={64} height={26} floor={50} />}
      />
      <Total
        label="Apps, memory"
        value={memory(apps.memory)}
        width="w-20"
        graph={<Sparkline read={() => metrics.totals()} pick="memory" width={64} height={26} floor={1024} />}
      />
      <Total
        label="Machine, CPU"
        value={machine === undefined ? "–" : percent(machine.cpuPercent)}
        of={machine === undefined ? undefined : `of ${plural(machine.cores, "core")}`}
        width="w-30"
        meter={<Meter part={(machine?.cpuPercent ?? 0) / 100} label="Machine CPU used, percent" />}
      />
      <Total
        label="Machine, memory"
        value={machine === undefined ? "–" : memory(machine.memoryUsedMB)}
        of={machine === undefined ? undefined : `of ${memory(machine.memoryTotalMB)}`}
        width="w-32"
        meter={
          <Meter
            part={machine === undefined ? 0 : machine.memoryUsedMB / machine.memoryTotalMB}
            label="Machine memory used, percent"
          />
        }
      />
    </ul>
  );
}
