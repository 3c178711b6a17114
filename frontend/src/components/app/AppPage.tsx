// All that is known of one app, at an address of its own.
import { ActivityList } from "@/components/activity/ActivityList";
import { Link } from "@/components/Link";
import { MetricCharts } from "@/components/lazy";
import { Logs } from "@/components/logs/Logs";
import { PageScroll } from "@/components/PageScroll";
import { Nothing } from "@/components/shell/Nowhere";
import type { App } from "@/api/types";
import { useApp } from "@/hooks/useApp";
import { isAsleep } from "@/state/sleep";
import { appTabs, type AppTab } from "@/state/view";
import { AppFacts } from "./AppFacts";
import { AppHead } from "./AppHead";
import { Card } from "./Card";
import { KeepAwake } from "./KeepAwake";
import { Notes } from "./Notes";
import { Why } from "./Why";

const tabWords: Record<AppTab, string> = { overview: "Overview", logs: "Logs", activity: "Activity" };

function Tabs({ id, here }: { id: string; here: AppTab }) {
  return (
    <nav aria-label="Of this app" className="flex gap-1 border-b border-line bg-surface px-3">
      {appTabs.map((tab) => (
        <Link
          key={tab}
          to={{ page: "app", id, tab }}
          aria-current={tab === here ? "page" : undefined}
          className="-mb-px flex h-9 items-center border-b-2 border-transparent px-3 text-ink-2 hover:text-ink aria-[current]:border-accent-text aria-[current]:font-medium aria-[current]:text-accent-text max-wide:h-11"
        >
          {tabWords[tab]}
        </Link>
      ))}
    </nav>
  );
}

function Overview({ app }: { app: App }) {
  return (
    <div className="mx-auto grid max-w-6xl gap-4 p-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <Why app={app} />
        <Card title="The last hour">
          <div className="min-h-[142px]">
            <MetricCharts id={app.id} />
          </div>
        </Card>
        <Card
          title="Activity"
          aside={
            <Link to={{ page: "app", id: app.id, tab: "activity" }} className="text-xs text-accent-text underline">
              All of it
            </Link>
          }
        >
          <ActivityList app={app.id} most={5} />
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Card title="Facts">
          <AppFacts app={app} />
        </Card>
        <KeepAwake key={`awake ${app.id}`} app={app} />
        <Notes key={app.id} app={app} />
      </div>
    </div>
  );
}

/** It may have been here a moment ago: what it did is remembered longer than it lives. */
function NoSuchApp({ id }: { id: string }) {
  return (
    <PageScroll>
      <Nothing title="There is no such app">
        <p>
          No app has the id <code className="font-mono text-xs break-all">{id}</code>: it was deleted, or the address is
          not right.
        </p>
      </Nothing>
      <div className="mx-auto max-w-2xl px-4 pb-8">
        <ActivityList app={id} most={20} quiet />
      </div>
    </PageScroll>
  );
}

export function AppPage({ id, tab }: { id: string; tab: AppTab }) {
  const { app, busy } = useApp(id);
  if (app === undefined) return <NoSuchApp id={id} />;
  return (
    <div
      className="flex min-h-0 grow flex-col"
      data-testid="app-page"
      data-app-id={id}
      data-status={app.status}
      data-asleep={isAsleep(app) || undefined}
      data-page={app.page?.state}
    >
      <AppHead app={app} busy={busy} />
      <Tabs id={id} here={tab} />
      {tab === "logs" && <Logs ids={[id]} />}
      {tab === "overview" && (
        <PageScroll key="overview">
          <Overview app={app} />
        </PageScroll>
      )}
      {tab === "activity" && (
        <PageScroll key="activity">
          <div className="mx-auto max-w-3xl p-4">
            <ActivityList app={id} />
          </div>
        </PageScroll>
      )}
    </div>
  );
}
