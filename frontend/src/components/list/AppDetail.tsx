// What an expanded row shows: the whole reason, two graphs and the facts that are too many for a row.
import type { App } from "@/api/types";
import { MetricCharts } from "@/components/lazy";
import { Facts, type Fact } from "@/components/ui/Facts";
import { ago } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStory } from "@/hooks/useStory";
import { Reason } from "./cells";
import { runFacts } from "./runFacts";

function LastEvent({ id }: { id: string }) {
  const { story, problem } = useStory(id, 1);
  const now = useNow();
  const [last] = story.entries;
  if (last !== undefined) return <>{`${last.text} ${ago(now - last.at)}`}</>;
  if (problem !== null) return <>not known: {problem.detail}</>;
  return <>{story.loaded ? "nothing remembered" : "…"}</>;
}

export function AppDetail({ app }: { app: App }) {
  const facts: Fact[] = [
    ["Folder", <span className="font-mono text-xs break-all">{app.directory}</span>],
    [
      app.owned ? "Made from" : "Adopted",
      app.owned ? (app.template ?? "a scaffold") : `run by ${app.packageManager ?? "npm"}, script ${app.script}`,
    ],
    ...runFacts(app),
    ...(app.notes === null
      ? []
      : [["Notes", <span className="break-words whitespace-pre-wrap">{app.notes}</span>] as Fact]),
    ["Last event", <LastEvent id={app.id} />],
  ];
  return (
    <div className="flex flex-col gap-4 p-4 wide:flex-row wide:pl-[74px]" data-testid="app-detail">
      <div className="wide:w-[380px]">
        <Reason app={app} className="mb-3 block max-wide:hidden" />
        <Facts className="grid-cols-[84px_1fr] gap-x-3 gap-y-1" facts={facts} />
      </div>
      <div className="min-h-[150px] min-w-0 grow">
        <MetricCharts id={app.id} />
      </div>
    </div>
  );
}
