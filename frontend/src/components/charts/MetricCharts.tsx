// The two graphs of an app, of the last hour. Loaded only where they are shown, with uPlot in its own chunk.
import "uplot/dist/uPlot.min.css";
import { useStore } from "@/hooks/useStore";
import { megabytes, percent } from "@/format";
import { useHistory } from "@/hooks/useHistory";
import { fleet } from "@/services";
import { isAsleep } from "@/state/sleep";
import { TimeChart } from "./TimeChart";

export function MetricCharts({ id }: { id: string }) {
  const { series, version } = useHistory(id);
  const app = useStore(fleet, (state) => state.apps[id]);
  const current = useStore(fleet, ({ connection: { state } }) => state === "live" || state === "polling");
  const { time, cpu, memory } = series;
  /** The value of this moment is the app's own, as its row shows it; the last sample may be old. */
  const now = (value: number, format: (value: number) => string) => {
    if (!current) return "not known now";
    if (app !== undefined && isAsleep(app)) return "asleep";
    return (app?.pid ?? 0) > 0 ? format(value) : "not running";
  };
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TimeChart
        title="CPU"
        now={now(app?.cpuPercent ?? 0, percent)}
        time={time}
        values={cpu}
        version={version}
        format={percent}
        floor={25}
      />
      <TimeChart
        title="Memory"
        now={now(app?.memoryMB ?? 0, megabytes)}
        time={time}
        values={memory}
        version={version}
        format={megabytes}
        floor={256}
      />
    </div>
  );
}
