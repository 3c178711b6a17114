// A row's last ten minutes of CPU, as one SVG path. Twenty uPlot instances for decoration would cost more than they
// show; the real graphs, with axes, are in the row's details.
import { metrics } from "@/services";
import { useStore } from "@/hooks/useStore";
import { windowMs, type Series } from "@/state/metrics";

interface Props {
  read: () => Series;
  pick: "cpu" | "memory";
  width: number;
  height: number;
  /** The value at the top edge if nothing is higher. */
  floor: number;
}

function pathOf(
  { time, ...series }: Series,
  pick: "cpu" | "memory",
  width: number,
  height: number,
  floor: number,
): string {
  const values = series[pick];
  const end = time.at(-1);
  if (end === undefined) return "";
  const top = Math.max(floor, ...values.map((value) => value ?? 0));
  let path = "";
  let pen = false;
  for (let i = 0; i < time.length; i++) {
    const value = values[i] ?? null;
    if (value === null) {
      pen = false;
      continue;
    }
    const x = width * (1 - (end - (time[i] ?? end)) / windowMs);
    const y = height - 1 - (value / top) * (height - 2);
    // A sample by itself is a dot: a line of no length, with round ends.
    path += `${pen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}${pen ? "" : "h0"}`;
    pen = true;
  }
  return path;
}

export function Sparkline({ read, pick, width, height, floor }: Props) {
  useStore(metrics.version, (n) => n);
  const path = pathOf(read(), pick, width, height, floor);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden className="block shrink-0">
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--c-line)" strokeWidth="1" />
      <path
        d={path}
        fill="none"
        stroke="var(--c-accent-text)"
        strokeWidth="1.25"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
