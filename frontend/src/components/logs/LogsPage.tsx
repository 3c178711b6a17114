// Logs of the apps that are chosen, which is in the address: /logs?app=…&app=….
import { PageTitle } from "@/components/shell/PageTitle";
import { StatusDot } from "@/components/list/StatusBadge";
import { sameJson, useStore } from "@/hooks/useStore";
import { go } from "@/navigation";
import { fleet } from "@/services";
import { standingOf } from "@/state/sleep";
import { Logs } from "./Logs";

export function LogsPage({ apps }: { apps: readonly string[] }) {
  const all = useStore(
    fleet,
    ({ order, apps: known }) =>
      order.flatMap((id) => {
        const app = known[id];
        return app === undefined ? [] : [{ id, name: app.name, status: standingOf(app) }];
      }),
    sameJson,
  );
  const chosen = apps.filter((id) => all.some((app) => app.id === id));
  const toggle = (id: string) =>
    go({ page: "logs", apps: chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id] });
  return (
    <>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-surface px-4 py-2">
        <PageTitle>Logs</PageTitle>
        <div role="group" aria-label="Apps to show" className="flex min-w-0 flex-wrap gap-1.5">
          {all.map((app) => (
            <button
              key={app.id}
              type="button"
              aria-pressed={chosen.includes(app.id)}
              className="inline-flex h-7 max-w-48 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-xs text-ink-2 hover:bg-hover aria-pressed:border-accent-text aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-text"
              onClick={() => toggle(app.id)}
            >
              <StatusDot status={app.status} />
              <bdi className="truncate">{app.name}</bdi>
            </button>
          ))}
        </div>
      </div>
      {chosen.length > 0 ? (
        <Logs ids={chosen} />
      ) : (
        <p className="px-4 py-16 text-center text-ink-2">
          {all.length === 0 ? "There is no app yet, and so no log." : "Choose the apps whose logs you want to read."}
        </p>
      )}
    </>
  );
}
