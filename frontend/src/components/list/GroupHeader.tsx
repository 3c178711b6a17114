// The heading of a category: how its apps are at a glance, and what can be done with all of them.
import { ChevronDown, Ellipsis, Play, Square, Trash2 } from "lucide-react";
import { IconButton } from "@/components/ui/Button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/Menu";
import { plural } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { hasStatus, idsIn, type Group } from "@/state/groups";
import { has, noCategory, toggled } from "@/state/view";
import { askBulk } from "./bulk";
import { selectMany } from "./selection";
import { SleepItems } from "./SleepItems";
import { StatusDot, statusWords } from "./StatusBadge";

/** The worst first; one whose page is broken is counted among the online ones too. */
const shown = ["errored", "broken", "unknown", "launching", "online", "asleep", "stopped"] as const;

function Counts({ ids }: { ids: string[] }) {
  const counts = useStore(
    fleet,
    (state) =>
      shown.map((status) => ids.flatMap((id) => state.apps[id] ?? []).filter((app) => hasStatus(app, status)).length),
    sameJson,
  );
  return (
    <ul className="flex items-center gap-2.5 text-xs text-ink-3">
      {shown.map((status, i) => {
        const count = counts[i] ?? 0;
        return count === 0 ? null : (
          <li key={status} className="flex items-center gap-1" title={`${count} ${statusWords[status].toLowerCase()}`}>
            <StatusDot status={status} />
            {count}
            <span className="sr-only">{statusWords[status]}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function GroupHeader({ group, touch = false }: { group: Group; touch?: boolean }) {
  const collapsed = useStore(view, (v) => has(v.collapsed, group.key));
  const selection = useStore(view, (v) => group.ids.filter((id) => has(v.selected, id)).length);
  const label = group.key === noCategory ? "No category" : group.key;
  const all = () => idsIn(fleet.get(), group.key);
  const where = `in ${label}`;
  return (
    <div
      className={`flex items-center gap-2 pr-3 pl-4 ${touch ? "h-11 border-b border-line" : "h-8"}`}
      data-testid="group"
      data-category={group.key}
    >
      <input
        type="checkbox"
        className="block size-3.5 accent-accent"
        aria-label={`Select all in ${label}`}
        checked={group.ids.length > 0 && selection === group.ids.length}
        ref={(box) => {
          if (box !== null) box.indeterminate = selection > 0 && selection < group.ids.length;
        }}
        onChange={(event) => selectMany(group.ids, event.currentTarget.checked)}
      />
      <button
        type="button"
        aria-expanded={!collapsed}
        className="-ml-0.5 flex min-w-0 items-center gap-1.5 rounded px-1 py-0.5 font-semibold hover:bg-hover"
        onClick={() => view.update((v) => ({ ...v, collapsed: toggled(v.collapsed, group.key) }))}
      >
        <ChevronDown
          size={15}
          aria-hidden
          className={`shrink-0 text-ink-3 transition-transform ${collapsed ? "-rotate-90" : ""}`}
        />
        <bdi className={`truncate ${group.key === noCategory ? "font-medium text-ink-2" : ""}`}>{label}</bdi>
        <span className="font-normal text-ink-3">
          <span className="sr-only">, </span>
          {group.ids.length}
          <span className="sr-only"> {group.ids.length === 1 ? "app" : "apps"}</span>
        </span>
      </button>
      <Counts ids={group.ids} />
      <div className="grow" />
      <Menu
        trigger={
          <IconButton
            label={`Actions for all in ${label}`}
            hint="Actions for the category"
            icon={<Ellipsis size={16} />}
            touch={touch}
          />
        }
      >
        <MenuItem icon={<Play size={14} />} onSelect={() => askBulk("restart", all(), where)}>
          Start or restart all {plural(all().length, "app")}
        </MenuItem>
        <MenuItem icon={<Square size={11} fill="currentColor" />} onSelect={() => askBulk("stop", all(), where)}>
          Stop all in the category
        </MenuItem>
        <SleepItems category={group.key} where={where} />
        <MenuSeparator />
        <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => askBulk("delete", all(), where)}>
          Delete all in the category…
        </MenuItem>
      </Menu>
    </div>
  );
}
