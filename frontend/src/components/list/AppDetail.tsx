// What an expanded row shows: the whole reason, two graphs and the facts that are too many for a row.
import type { App } from "@/api/types";
import { MetricCharts } from "@/components/lazy";
import { ago, megabytes } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStory } from "@/hooks/useStory";
import { Reason } from "./cells";

function LastEvent({ id }: { id: string }) {
  const { story, problem } = useStory(id, 1);
  const now = useNow();
  const [last] = story.entries;
  if (last !== undefined) return <>{`${last.text} ${ago(now - last.at)}`}</>;
  if (problem !== null) return <>not known: {problem.detail}</>;
  return <>{story.loaded ? "nothing remembered" : "…"}</>;
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
