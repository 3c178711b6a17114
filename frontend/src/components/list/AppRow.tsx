// One app as a table row. Renders only when this app, or what is shown of it, changed.
import { ChevronRight, Info } from "lucide-react";
import { memo } from "react";
import { Sparkline } from "@/components/charts/Sparkline";
import { IconButton } from "@/components/ui/Button";
import { megabytes, percent } from "@/format";
import { useApp, useRowView } from "@/hooks/useApp";
import { metrics, view } from "@/services";
import { toggled } from "@/state/view";
import { IconLink } from "@/components/Link";
import { hintOf, inList } from "@/keymap";
import { standingOf } from "@/state/sleep";
import { AppDetail } from "@/components/lazy";
import { AppName, Category, isUp, Pinned, ReasonLink, Uptime } from "./cells";
import { useColumns } from "./columns";
import { RowCommands } from "./RowCommands";
import { rowAttributes, selectRow } from "./selection";
import { StatusBadge } from "./StatusBadge";

export const AppRow = memo(function AppRow({ id }: { id: string }) {
  const { app, busy } = useApp(id);
  const { selected, expanded, current, following } = useRowView(id);
  const columns = useColumns();
  if (app === undefined) return null;
  const up = isUp(app);
  const tone = selected ? "bg-accent-soft" : following ? "bg-hover" : "bg-surface hover:bg-hover";
  // The keys act on the current row, so it must be seen even while the focus is elsewhere.
  const mark = current ? "shadow-[inset_2px_0_0_var(--c-accent-text)]" : "";
  const number = `text-right ${up ? "text-ink" : "text-ink-3"}`;
  return (
    <>
      <tr
        {...rowAttributes(app, busy, current)}
        data-testid="app-row"
        className={`group h-8 ${tone} ${mark} ${busy === "deleting" ? "opacity-55" : ""} focus-visible:-outline-offset-2`}
      >
        <td className="pl-4">
          <input
            type="checkbox"
            className="block size-3.5 accent-accent"
            checked={selected}
            aria-label={`Select ${app.name}`}
            onChange={() => undefined}
            onClick={(event) => selectRow(id, event.shiftKey)}
          />
        </td>
        <td>
          <IconButton
            label={`Details of ${app.name}`}
            hint={expanded ? "Hide details" : "Show details"}
            aria-expanded={expanded}
            icon={<ChevronRight size={15} className={`transition-transform ${expanded ? "rotate-90" : ""}`} />}
            onClick={() => view.update((v) => ({ ...v, expanded: toggled(v.expanded, id) }))}
          />
        </td>
        <th scope="row" className="pr-3 text-left font-normal">
          <span className="flex items-center gap-1.5">
            <AppName app={app} />
            <Pinned id={id} />
            <Category app={app} />
          </span>
        </th>
        <td className="font-mono text-xs text-ink-2">{app.port}</td>
        <td>
          <StatusBadge standing={standingOf(app)} busy={busy} />
        </td>
        <td className="max-w-0 pr-4 text-xs leading-4">
          <ReasonLink app={app} className="line-clamp-2 break-words" />
        </td>
        <td className={number}>{up ? <Uptime since={app.startedAt} /> : "–"}</td>
        <td className={number}>{app.pid > 0 ? megabytes(app.memoryMB) : "–"}</td>
        <td className={number}>{app.pid > 0 ? percent(app.cpuPercent) : "–"}</td>
        {columns.some((column) => column.roomy) && (
          <td className="pl-4">
            <Sparkline read={() => metrics.series(id)} pick="cpu" width={88} height={20} floor={25} />
          </td>
        )}
        <td className="pr-3">
          <div className="flex justify-end">
            <IconLink
              to={{ page: "app", id, tab: "overview" }}
              label={`Page of ${app.name}`}
              hint="The app's page"
              icon={<Info size={15} />}
              shortcut={hintOf(inList.page)}
              data-action="page"
            />
            <RowCommands app={app} busy={busy} />
          </div>
        </td>
      </tr>
      {expanded && (
        <tr className="bg-canvas">
          <td colSpan={columns.length} className="p-0">
            <AppDetail app={app} />
          </td>
        </tr>
      )}
    </>
  );
});
