// The log of one app: a dock under the list on a wide screen, so that the list stays in use; the whole screen on a
// narrow one.
import "@xterm/xterm/css/xterm.css";
import * as Radix from "@radix-ui/react-dialog";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useApp } from "@/hooks/useApp";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { view } from "@/services";
import { Reason } from "@/components/list/cells";
import { focusRow } from "@/components/list/selection";
import { DockHandle, initialDockHeight } from "./DockHandle";
import { LogToolbar } from "./LogToolbar";
import { UnseenButton } from "./UnseenButton";
import { useLogView } from "./useLogView";
import type { LogTerminal } from "./logTerminal";

function closeLogs() {
  const { logs } = view.get();
  view.update((v) => ({ ...v, logs: null }));
  if (logs !== null) focusRow(logs);
}

/** Keys of the panel; the terminal itself takes none. */
function handleKey(event: KeyboardEvent, terminal: LogTerminal | null, focusSearch: () => void) {
  if (event.key === "Escape") {
    event.stopPropagation();
    closeLogs();
    return;
  }
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.tagName === "INPUT" || terminal === null) return;
  const scrolls: Record<string, () => void> = {
    ArrowUp: () => terminal.scroll(-1),
    ArrowDown: () => terminal.scroll(1),
    k: () => terminal.scroll(-1),
    j: () => terminal.scroll(1),
    PageUp: () => terminal.scrollPages(-1),
    PageDown: () => terminal.scrollPages(1),
    Home: () => terminal.scrollToTop(),
    End: () => terminal.follow(),
    f: focusSearch,
    p: () => (terminal.state.get().paused === false ? terminal.pause() : terminal.follow()),
  };
  const act = scrolls[event.key];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function LogBody({ id, onKeys }: { id: string; onKeys: (handler: (event: KeyboardEvent) => void) => void }) {
  const { host, terminal } = useLogView(id);
  const { app } = useApp(id);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    onKeys((event) => handleKey(event, terminal, () => search.current?.focus()));
  }, [terminal, onKeys]);
  useEffect(() => {
    // Deleted here or elsewhere: there is no log any more.
    if (app === undefined) view.update((v) => (v.logs === id ? { ...v, logs: null } : v));
  }, [app, id]);
  return (
    <>
      {app !== undefined && <LogToolbar app={app} terminal={terminal} searchRef={search} onClose={closeLogs} />}
      {app !== undefined && <Reason app={app} className="shrink-0 border-b border-line px-3 py-1.5 text-sm" />}
      <div className="relative min-h-0 grow bg-terminal">
        <div ref={host} className="absolute inset-y-1 right-0 left-3" data-testid="log-terminal" />
        {terminal !== null && <UnseenButton terminal={terminal} />}
      </div>
    </>
  );
}

export function LogPanel({ id }: { id: string }) {
  const isWide = useMediaQuery(wide);
  const [height, setHeight] = useState(initialDockHeight);
  const keys = useRef<(event: KeyboardEvent) => void>(() => undefined);
  const onKeyDown = (event: KeyboardEvent) => keys.current(event);
  const [onKeys] = useState(() => (handler: (event: KeyboardEvent) => void) => {
    keys.current = handler;
  });
  const { app } = useApp(id);
  const label = `Logs of ${app?.name ?? id}`;
  if (isWide) {
    return (
      <section
        aria-label={label}
        data-testid="log-panel"
        data-app-id={id}
        data-own-keys
        style={{ height: `min(${height}px, calc(100dvh - 180px))` }}
        className="relative flex shrink-0 flex-col border-t border-line-strong bg-surface"
        onKeyDown={onKeyDown}
      >
        <DockHandle height={height} onChange={setHeight} />
        <LogBody id={id} onKeys={onKeys} />
      </section>
    );
  }
  return (
    <Radix.Root open onOpenChange={(open) => !open && closeLogs()}>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          data-testid="log-panel"
          data-app-id={id}
          className="fixed inset-0 z-30 flex flex-col bg-surface outline-none"
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            // The first control is the search: focusing it would raise the keyboard over the log.
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
        >
          <Radix.Title className="sr-only">{label}</Radix.Title>
          <LogBody id={id} onKeys={onKeys} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
