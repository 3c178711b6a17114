// What is seldom wanted: how lines are shown, which, and where the log goes.
import * as Radix from "@radix-ui/react-dropdown-menu";
import { ArrowDownToLine, Check, Copy, Eraser, FileDown, History, SlidersHorizontal } from "lucide-react";
import type { ReactNode } from "react";
import { logDownloadUrl } from "@/api/client";
import { IconButton } from "@/components/ui/Button";
import { Kbd } from "@/components/ui/Kbd";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/components/ui/Menu";
import { sameJson, useStore } from "@/hooks/useStore";
import { hintOf, inLines, type Key } from "@/keymap";
import { fleet, view } from "@/services";
import { editorNames } from "@/state/folder";
import { editors, usualEditor } from "@/state/view";
import { levels, type Level } from "./levels";
import type { LogActs } from "./logActs";
import type { LogModel } from "./logModel";
import { settings } from "./settings";

function Switch({
  on,
  shortcut,
  children,
  onSelect,
}: {
  on: boolean;
  shortcut: Key;
  children: ReactNode;
  onSelect: () => void;
}) {
  return (
    <Radix.CheckboxItem
      checked={on}
      onSelect={onSelect}
      className="relative flex h-8 items-center gap-3 rounded-md pr-2 pl-7 outline-none select-none data-[highlighted]:bg-accent-soft data-[highlighted]:text-accent-text"
    >
      <Radix.ItemIndicator className="absolute left-2">
        <Check size={14} />
      </Radix.ItemIndicator>
      <span className="grow truncate">{children}</span>
      <Kbd>{hintOf(shortcut)}</Kbd>
    </Radix.CheckboxItem>
  );
}

export const levelWords: Record<Level, string> = { error: "Errors", warn: "Warnings", info: "Info", debug: "Debug" };
const everyLevel = "all";
const editorWords = editors.map((value) => ({ value, label: `Files open in ${editorNames[value]}` }));

export function ShowMenu({ model, acts }: { model: LogModel; acts: LogActs }) {
  const { sinceStart, cleared, level, counts } = useStore(model.state, (s) => s);
  const { wrap, times } = useStore(settings, (s) => s);
  const editor = useStore(view, (v) => v.editor) ?? usualEditor;
  const changed = sinceStart || cleared;
  return (
    <Menu
      trigger={
        <IconButton
          label="What is shown"
          icon={<SlidersHorizontal size={15} />}
          data-testid="log-show"
          className={changed ? "bg-accent-soft text-accent-text" : ""}
        />
      }
    >
      <Switch on={wrap} shortcut={inLines.wrap} onSelect={acts.wrap}>
        Break long lines
      </Switch>
      <Switch on={times} shortcut={inLines.times} onSelect={acts.times}>
        When lines came
      </Switch>
      <Switch on={sinceStart} shortcut={inLines.since} onSelect={acts.since}>
        Only since the last start
      </Switch>
      <MenuSeparator />
      <MenuChoice
        value={level ?? everyLevel}
        options={[
          { value: everyLevel, label: "Every level" },
          ...levels.map((one) => ({ value: one, label: `${levelWords[one]} (${counts[one]})` })),
        ]}
        onChange={(value) => model.show({ level: levels.find((one) => one === value) ?? null })}
      />
      <MenuSeparator />
      <MenuItem icon={<Eraser size={14} />} onSelect={acts.clear}>
        {cleared ? "Show again what was cleared" : "Clear the view"}
      </MenuItem>
      <MenuItem icon={<History size={14} />} onSelect={() => void acts.older()}>
        Load older lines
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        value={editor}
        options={editorWords}
        onChange={(value) => view.update((v) => ({ ...v, editor: editors.find((one) => one === value) ?? null }))}
      />
    </Menu>
  );
}

function download(url: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

export function TakeMenu({ ids, acts }: { ids: readonly string[]; acts: LogActs | null }) {
  const names = useStore(
    fleet,
    ({ apps }) => ids.map((id) => (ids.length < 2 ? "" : ` of ${apps[id]?.name ?? id}`)),
    sameJson,
  );
  return (
    <Menu
      trigger={<IconButton label="Download or copy" icon={<ArrowDownToLine size={15} />} data-testid="log-download" />}
    >
      {ids.flatMap((id, i) =>
        (["stdout", "stderr"] as const).map((stream) => (
          <MenuItem
            key={`${id} ${stream}`}
            icon={<FileDown size={14} />}
            onSelect={() => download(logDownloadUrl(id, stream))}
          >
            Whole {stream}
            {names[i]}
          </MenuItem>
        )),
      )}
      <MenuSeparator />
      <MenuItem icon={<Copy size={14} />} disabled={acts === null} onSelect={() => void acts?.copyAll()}>
        Copy all lines shown here
      </MenuItem>
    </Menu>
  );
}
