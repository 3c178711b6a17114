// Actions on the selected rows, of those that the filter shows. It floats over the list's end, so that selecting a row moves nothing.
import { AlarmClock, Moon, Play, Square, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import type { BulkAction } from "@/api/types";
import { askBulk } from "@/components/list/bulk";
import { Button, IconButton } from "@/components/ui/Button";
import { plural } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet, list, view } from "@/services";
import { selectionIn } from "@/state/list";
import { idsToSleep, idsToWake } from "@/state/sleep";

function Action({
  action,
  ids,
  icon,
  children,
}: {
  action: BulkAction;
  ids: readonly string[];
  icon: ReactNode;
  children: string;
}) {
  return (
    <Button
      size="sm"
      className={`max-sm:size-11 max-sm:p-0! ${action === "delete" ? "text-errored!" : ""}`}
      onClick={() => askBulk(action, ids, "selected")}
    >
      {icon}
      <span className="max-sm:sr-only">{children}</span>
    </Button>
  );
}

export function BulkBar() {
  const selected = useStore(view, (v) => v.selected);
  const ids = useStore(list, (groups) => selectionIn(groups, selected), sameJson);
  const { sleep, wake } = useStore(
    fleet,
    (state) => {
      const apps = ids.flatMap((id) => state.apps[id] ?? []);
      return { sleep: idsToSleep(apps, true), wake: idsToWake(apps) };
    },
    sameJson,
  );
  if (ids.length === 0) return null;
  return (
    <div
      role="toolbar"
      aria-label="Actions for the selection"
      data-testid="bulk-bar"
      className="absolute bottom-4 left-1/2 z-20 flex -translate-x-1/2 items-center gap-1.5 rounded-xl border border-line-strong bg-surface py-1.5 pr-1.5 pl-4 shadow-pop animate-rise max-sm:gap-0.5"
    >
      <span className="mr-2 font-medium whitespace-nowrap" aria-live="polite">
        {plural(ids.length, "app")} <span className="hidden sm:inline">selected</span>
      </span>
      <Action action="restart" ids={ids} icon={<Play size={13} aria-hidden />}>
        Restart
      </Action>
      <Action action="stop" ids={ids} icon={<Square size={11} fill="currentColor" aria-hidden />}>
        Stop
      </Action>
      {sleep.length > 0 && (
        <Action action="sleep" ids={sleep} icon={<Moon size={13} aria-hidden />}>
          Sleep
        </Action>
      )}
      {wake.length > 0 && (
        <Action action="wake" ids={wake} icon={<AlarmClock size={13} aria-hidden />}>
          Wake
        </Action>
      )}
      <Action action="delete" ids={ids} icon={<Trash2 size={13} aria-hidden />}>
        Delete
      </Action>
      <IconButton
        label="Clear the selection"
        icon={<X size={15} />}
        shortcut="Esc"
        onClick={() => view.update((v) => ({ ...v, selected: {} }))}
      />
    </div>
  );
}
