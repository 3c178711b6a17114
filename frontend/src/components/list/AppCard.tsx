// One app on a narrow screen.
import { ChevronDown } from "lucide-react";
import { memo } from "react";
import { IconButton } from "@/components/ui/Button";
import { megabytes, percent } from "@/format";
import { useApp, useRowView } from "@/hooks/useApp";
import { view } from "@/services";
import type { Group } from "@/state/groups";
import { has, toggled } from "@/state/view";
import { useStore } from "@/hooks/useStore";
import { AppDetail } from "./AppDetail";
import { AppName, isUp, Reason, Uptime } from "./cells";
import { commandsFor } from "./commands";
import { GroupHeader } from "./GroupHeader";
import { OperationCard } from "./OperationCard";
import { rowId, selectRow } from "./selection";
import { StatusBadge } from "./StatusBadge";

const AppCard = memo(function AppCard({ id }: { id: string }) {
  const { app, busy } = useApp(id);
  const { selected, expanded, current } = useRowView(id);
  if (app === undefined) return null;
  return (
    <li
      id={rowId(id)}
      data-testid="app-row"
      data-app-id={id}
      data-status={app.status}
      data-operation={busy ?? undefined}
      tabIndex={current ? 0 : -1}
      onFocus={() => view.update((v) => (v.current === id ? v : { ...v, current: id }))}
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
        <span className="flex min-w-0 grow text-sm">
          <AppName app={app} />
        </span>
        <StatusBadge status={app.status} busy={busy} />
      </div>
      <p className="flex gap-3 px-4 pt-1 pl-11 text-xs text-ink-2">
        <span className="font-mono">:{app.port}</span>
        {isUp(app) && <Uptime since={app.startedAt} />}
        {app.pid > 0 && <span>{megabytes(app.memoryMB)}</span>}
        {app.pid > 0 && <span>{percent(app.cpuPercent)}</span>}
      </p>
      <Reason app={app} className="block px-4 pt-1 pl-11 text-xs" />
      <div className="flex items-center pr-1 pl-8">
        {commandsFor(app, busy).map((command) => (
          <IconButton
            key={command.key}
            touch
            label={`${command.label} ${app.name}`}
            icon={command.icon}
            unavailable={command.unavailable}
            danger={command.key === "delete"}
            data-action={command.key}
            onClick={command.run}
          />
        ))}
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
    <section aria-label={group.key === "" ? "No category" : group.key}>
      <GroupHeader group={group} touch />
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
