// What an expanded row shows: the whole reason, two graphs and the facts that are too many for a row.
import type { App } from "@/api/types";
import { createPart } from "@/components/parts";
import { GraphsFailed } from "@/components/shell/Broken";
import { ago, megabytes } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { Reason } from "./cells";

const MetricCharts = createPart(
  async () => (await import("@/components/charts/MetricCharts")).MetricCharts,
  GraphsFailed,
);

function LastEvent({ id }: { id: string }) {
  const last = useStore(fleet, (state) => state.activity[id]);
  const now = useNow();
  return <>{last === undefined ? "none since this page opened" : `${last.name}, ${ago(now - last.at)}`}</>;
}

function lastExit(app: App): string {
  if (app.exitSignal !== null) return `signal ${app.exitSignal}`;
  return app.exitCode === null ? "none" : `code ${app.exitCode}`;
}

export function AppDetail({ app }: { app: App }) {
  const facts: [string, React.ReactNode][] = [
    ["Folder", <span className="font-mono text-xs break-all">{app.directory}</span>],
    [
      app.owned ? "Made from" : "Adopted",
      app.owned ? (app.template ?? "a scaffold") : `run by ${app.packageManager ?? "npm"}, script ${app.script}`,
    ],
    ["Created", new Date(app.createdAt).toLocaleString()],
    ["Process", app.pid > 0 ? `pid ${app.pid}` : "not running"],
    ["pm2", app.pmId === null ? "no record" : `id ${app.pmId}, wrapper ${megabytes(app.wrapperMemoryMB)}`],
    ["Restarts", app.restarts],
    ["Last exit", lastExit(app)],
    ["Wanted", app.intent === "run" ? "to run" : "to be stopped"],
    ...(app.notes === null
      ? []
      : [["Notes", <span className="break-words whitespace-pre-wrap">{app.notes}</span>] as [string, React.ReactNode]]),
    ["Last event", <LastEvent id={app.id} />],
  ];
  return (
    <div className="flex flex-col gap-4 p-4 wide:flex-row wide:pl-[74px]" data-testid="app-detail">
      <div className="wide:w-[380px]">
        <Reason app={app} className="mb-3 block max-wide:hidden" />
        <dl className="grid grid-cols-[84px_1fr] gap-x-3 gap-y-1">
          {facts.map(([term, value]) => (
            <div key={term} className="contents">
              <dt className="text-ink-3">{term}</dt>
              <dd className="min-w-0">{value}</dd>
            </div>
          ))}
        </dl>
      </div>
      <div className="min-h-[150px] min-w-0 grow">
        <MetricCharts id={app.id} />
      </div>
    </div>
  );
}
