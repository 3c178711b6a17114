// The log of an app, or the logs of several with a coloured name on each line: the tools, and the lines. It fills what
// it is put into.
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { sameJson, useStore } from "@/hooks/useStore";
import { everywhere, inLines, inLogs, meaningOf, scrolling } from "@/keymap";
import { fleet, view } from "@/services";
import { folderOf } from "@/state/folder";
import { usualEditor } from "@/state/view";
import { linkedLine } from "./lineLink";
import { actsOf, type LogActs } from "./logActs";
import { LogLines } from "./LogLines";
import { LogPills } from "./LogPills";
import { LogToolbar } from "./LogToolbar";
import type { LogModel } from "./logModel";
import { settings } from "./settings";
import { useLogs } from "./useLogs";
import { selectAll } from "./useSelection";

const keys = { ...inLogs, ...scrolling, ...inLines, help: everywhere.help };

/** Keys of the view. True if the key meant something. */
function handleKey(
  event: KeyboardEvent<HTMLElement>,
  model: LogModel,
  acts: LogActs,
  focusSearch: () => void,
): boolean {
  const target = event.target as HTMLElement;
  if (target.tagName === "INPUT") return false;
  if ((event.ctrlKey || event.metaKey) && event.key === "a" && target.matches("[data-log-lines]")) {
    selectAll(target, model);
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const does: Record<keyof typeof keys, () => void> = {
    lineUp: () => model.scroll(-1),
    lineDown: () => model.scroll(1),
    pageUp: () => model.scrollPages(-1),
    pageDown: () => model.scrollPages(1),
    top: () => model.scrollToTop(),
    end: () => model.follow(),
    find: focusSearch,
    pause: acts.followOrPause,
    nextMatch: () => acts.find("next"),
    previousMatch: () => acts.find("previous"),
    matching: acts.matching,
    wrap: acts.wrap,
    times: acts.times,
    clear: acts.clear,
    since: acts.since,
    older: () => void acts.older(),
    chooseNext: () => model.chooseBeside(1),
    choosePrevious: () => model.chooseBeside(-1),
    copyLine: acts.copyLine,
    copyLink: acts.copyLink,
    fold: acts.fold,
    help: () => view.update((v) => ({ ...v, dialog: { kind: "help" } })),
  };
  const meaning = meaningOf(keys, event);
  if (meaning !== null) does[meaning]();
  return meaning !== null;
}

/** The folder of each app as an absolute path; null where it is not known. */
function useFolders(ids: readonly string[]): readonly (string | null)[] {
  return useStore(
    fleet,
    ({ apps, health }) =>
      ids.map((id) => {
        const app = apps[id];
        return app === undefined ? null : folderOf(app, health?.root);
      }),
    sameJson,
  );
}

interface Props {
  /** One app, or several. */
  ids: string[];
  /** Stands before the tools. */
  head?: ReactNode;
  /** Stands between the tools and the lines. */
  note?: ReactNode;
  onClose?: () => void;
}

export function LogView({ ids, head, note, onClose }: Props) {
  const logs = useLogs(ids);
  const acts = useMemo(() => (logs === null ? null : actsOf(logs)), [logs]);
  const names = useStore(
    fleet,
    ({ apps }) => (ids.length < 2 ? null : ids.map((id) => apps[id]?.name ?? id)),
    sameJson,
  );
  const folders = useFolders(ids);
  const { wrap, times } = useStore(settings, (s) => s);
  const editor = useStore(view, (v) => v.editor) ?? usualEditor;
  const look = useMemo(() => ({ times, names, folders, editor }), [times, names, folders, editor]);
  const search = useRef<HTMLInputElement>(null);
  const [linked] = useState(() => (ids.length === 1 ? linkedLine(location.search) : null));

  useEffect(() => {
    if (logs === null || acts === null || linked === null) return;
    // As soon as the first lines are here.
    const stop = logs.model.log.version.subscribe(() => {
      stop();
      void acts.goTo(linked);
    });
    return stop;
  }, [logs, acts, linked]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // React also brings the keys of menus that were opened from here, which lie elsewhere in the page.
    if (!event.currentTarget.contains(event.target as Node) || logs === null || acts === null) return;
    if (!handleKey(event, logs.model, acts, () => search.current?.focus())) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div data-own-keys className="flex min-h-0 grow flex-col" onKeyDown={onKeyDown}>
      <LogToolbar ids={ids} head={head} logs={logs} acts={acts} searchRef={search} {...(onClose && { onClose })} />
      {note}
      <div className="relative min-h-0 grow bg-terminal">
        {logs !== null && acts !== null && (
          <>
            <LogLines
              model={logs.model}
              look={look}
              wrap={wrap}
              label="Lines in view"
              onCopyLine={acts.copyLine}
              onCopyLink={acts.copyLink}
            />
            <LogPills logs={logs} onOlder={() => void acts.older()} />
          </>
        )}
      </div>
    </div>
  );
}
