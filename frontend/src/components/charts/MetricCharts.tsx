// The two graphs of an app's details. Loaded only when a row is opened, with uPlot in its own chunk.
import "uplot/dist/uPlot.min.css";
import { useStore } from "@/hooks/useStore";
import { megabytes, percent } from "@/format";
import { metrics } from "@/services";
import { TimeChart } from "./TimeChart";

export default function MetricCharts({ id }: { id: string }) {
  const version = useStore(metrics.version, (n) => n);
  const { time, cpu, memory } = metrics.series(id);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TimeChart title="CPU" time={time} values={cpu} version={version} format={percent} floor={25} />
      <TimeChart title="Memory" time={time} values={memory} version={version} format={megabytes} floor={256} />
    </div>
  );
}
