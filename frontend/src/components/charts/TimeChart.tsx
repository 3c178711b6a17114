// The last hour of one number on uPlot. uPlot draws on a canvas, which says nothing to a screen reader: the summary is
// the figure's label.
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { duration } from "@/format";
import { useDark } from "@/hooks/useDark";
import { hourMs } from "@/state/history";

interface Props {
  title: string;
  /** What it is at this moment, in words. */
  now: string;
  time: readonly number[];
  values: readonly (number | null)[];
  /** Changes when there is something new to draw. */
  version: number;
  format: (value: number) => string;
  /** The top of the scale if nothing is higher. */
  floor: number;
}

const height = 120;

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name);
}

function dataOf(time: readonly number[], values: readonly (number | null)[]): uPlot.AlignedData {
  return [time.map((ms) => ms / 1000), [...values]];
}

function optionsOf(width: number, floor: number, format: (value: number) => string): uPlot.Options {
  const axis = { stroke: colour("--c-ink-3"), font: "11px system-ui", ticks: { show: false } };
  const grid = { stroke: colour("--c-line"), width: 1 };
  return {
    width,
    height,
    // At the right as uPlot finds: half of the last time stands beyond the edge of the graph.
    padding: [6, null, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 5 }, drag: { x: false, y: false } },
    scales: {
      x: { range: () => [(Date.now() - hourMs) / 1000, Date.now() / 1000] },
      y: { range: (_plot, _min, max) => [0, Math.max(floor, ((max as number | null) ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 22, space: 70, values: (_plot, splits) => splits.map(minutesAgo) },
      {
        ...axis,
        grid,
        size: 62,
        space: 34,
        values: (_plot, splits) => splits.map((value) => format(value).replace(".0", "")),
      },
    ],
    series: [
      {},
      {
        stroke: colour("--c-accent-text"),
        width: 1.5,
        fill: colour("--c-accent-soft"),
        points: { show: false },
        spanGaps: false,
      },
    ],
  };
}

/** The highest value, and since when anything is known: this page may be a minute old. */
function summaryOf(time: readonly number[], values: readonly (number | null)[], format: Props["format"]): string {
  const first = time[values.findIndex((value) => value !== null)];
  const last = time.at(-1);
  if (first === undefined || last === undefined) return "nothing recorded yet";
  const peak = Math.max(...values.filter((value) => value !== null));
  return `peak ${format(peak)} in the last ${duration(Math.max(1_000, last - first))}`;
}

function minutesAgo(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

export function TimeChart({ title, now, time, values, version, format, floor }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ time, values });
  const dark = useDark();

  useEffect(() => {
    latest.current = { time, values };
    plot.current?.setData(dataOf(time, values));
  }, [time, values, version]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(element.clientWidth, floor, format),
      dataOf(latest.current.time, latest.current.values),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [dark, floor, format]);

  const summary = summaryOf(time, values, format);
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 flex items-baseline gap-2 text-xs text-ink-2">
        <span className="font-medium text-ink">{title}</span>
        <span>{now}</span>
        <span className="text-ink-3">{summary}</span>
      </figcaption>
      <div
        ref={host}
        role="img"
        aria-label={`${title}: now ${now}; ${summary}`}
        style={{ height }}
        className="overflow-hidden"
      />
    </figure>
  );
}
