// One app on a narrow screen.
import { ChevronDown, Info } from "lucide-react";
import { memo } from "react";
import { IconButton } from "@/components/ui/Button";
import { megabytes, percent } from "@/format";
import { useApp, useRowView } from "@/hooks/useApp";
import { view } from "@/services";
import { everything, type Group } from "@/state/groups";
import { has, toggled } from "@/state/view";
import { useStore } from "@/hooks/useStore";
import { IconLink } from "@/components/Link";
import { standingOf } from "@/state/sleep";
import { AppDetail } from "@/components/lazy";
import { AppName, Category, isUp, Pinned, ReasonLink, Uptime } from "./cells";
import { RowCommands } from "./RowCommands";
import { GroupHeader } from "./GroupHeader";
import { OperationCard } from "./OperationCard";
import { rowAttributes, selectRow } from "./selection";
import { StatusBadge } from "./StatusBadge";

const AppCard = memo(function AppCard({ id }: { id: string }) {
  const { app, busy } = useApp(id);
  const { selected, expanded, current } = useRowView(id);
  if (app === undefined) return null;
  return (
    <li
      {...rowAttributes(app, busy, current)}
      data-testid="app-row"
      className={`border-b border-line ${selected ? "bg-accent-soft" : "bg-surface"}`}
    >
      <div className="flex items-center gap-3 px-4 pt-2.5">
        <input
          type="checkbox"
          className="size-4 shrink-0 accent-accent"
          checked={selected}
          aria-label={`Select ${app.name}`}
          onChange={() => selectRow(id, false)}
        />
        <span className="flex min-w-0 grow items-center gap-1.5 text-sm">
          <AppName app={app} />
          <Pinned id={id} />
          <Category app={app} />
        </span>
        <StatusBadge standing={standingOf(app)} busy={busy} />
      </div>
      <p className="flex gap-3 px-4 pt-1 pl-11 text-xs text-ink-2">
        <span className="font-mono">:{app.port}</span>
        {isUp(app) && <Uptime since={app.startedAt} />}
        {app.pid > 0 && <span>{megabytes(app.memoryMB)}</span>}
        {app.pid > 0 && <span>{percent(app.cpuPercent)}</span>}
      </p>
      <ReasonLink app={app} className="mx-4 mt-1 ml-11 block text-xs break-words" />
      <div className="flex items-center pr-1 pl-2 min-[420px]:pl-8">
        <IconLink
          touch
          to={{ page: "app", id, tab: "overview" }}
          label={`Page of ${app.name}`}
          icon={<Info size={15} />}
          data-action="page"
        />
        <RowCommands touch app={app} busy={busy} />
        <span className="grow" />
        <IconButton
          touch
          label={`Details of ${app.name}`}
          aria-expanded={expanded}
          icon={<ChevronDown size={16} className={expanded ? "rotate-180" : ""} />}
          onClick={() => view.update((v) => ({ ...v, expanded: toggled(v.expanded, id) }))}
        />
      </div>
      {expanded && <AppDetail app={app} />}
    </li>
  );
});

function CardGroup({ group }: { group: Group }) {
  const collapsed = useStore(view, (v) => has(v.collapsed, group.key));
  return (
    <section aria-label={group.key === "" ? "No category" : group.key === everything ? "All apps" : group.key}>
      {group.key !== everything && <GroupHeader group={group} touch />}
      {!collapsed && (
        <ul>
          {group.operations.map((operation) => (
            <li key={operation} className="border-b border-line bg-surface">
              <OperationCard id={operation} />
            </li>
          ))}
          {group.ids.map((id) => (
            <AppCard key={id} id={id} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function AppCards({ groups }: { groups: readonly Group[] }) {
  return groups.map((group) => <CardGroup key={group.key} group={group} />);
}
