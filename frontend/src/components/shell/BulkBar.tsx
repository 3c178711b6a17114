// Actions on the selected rows, of those that the filter shows. It floats over the list's end, so that selecting a row moves nothing.
import { Play, Square, Trash2, X } from "lucide-react";
import { askBulk } from "@/components/list/bulk";
import { Button, IconButton } from "@/components/ui/Button";
import { plural } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { list, view } from "@/services";
import { selectionIn } from "@/state/list";

export function BulkBar() {
  const selected = useStore(view, (v) => v.selected);
  const ids = useStore(list, (groups) => selectionIn(groups, selected), sameJson);
  if (ids.length === 0) return null;
  const act = (action: "stop" | "restart" | "delete") => askBulk(action, ids, "selected");
  return (
    <div
      role="toolbar"
      aria-label="Actions for the selection"
      data-testid="bulk-bar"
      className="absolute bottom-4 left-1/2 z-20 flex -translate-x-1/2 items-center gap-1.5 rounded-xl border border-line-strong bg-surface py-1.5 pr-1.5 pl-4 shadow-pop animate-rise"
    >
      <span className="mr-2 font-medium whitespace-nowrap" aria-live="polite">
        {plural(ids.length, "app")} <span className="hidden sm:inline">selected</span>
      </span>
      <Button size="sm" onClick={() => act("restart")}>
        <Play size={13} aria-hidden /> Restart
      </Button>
      <Button size="sm" onClick={() => act("stop")}>
        <Square size={11} fill="currentColor" aria-hidden /> Stop
      </Button>
      <Button size="sm" className="text-errored!" onClick={() => act("delete")}>
        <Trash2 size={13} aria-hidden /> Delete
      </Button>
      <IconButton
        label="Clear the selection"
        icon={<X size={15} />}
        shortcut="Esc"
        onClick={() => view.update((v) => ({ ...v, selected: {} }))}
      />
    </div>
  );
}
