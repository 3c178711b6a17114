// The log of one app: a dock under the list on a wide screen, so that the list stays in use; the whole screen on a
// narrow one, with the rest of the page inert behind it (App.tsx). It is the same panel in both, so that turning a
// tablet loses neither the search nor the place.
import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import { useApp } from "@/hooks/useApp";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { view } from "@/services";
import { Reason } from "@/components/list/cells";
import { focusRow } from "@/components/list/selection";
import { inLogs, meaningOf, scrolling } from "@/keymap";
import { DockHandle, usualDockHeight } from "./DockHandle";
import { LogToolbar } from "./LogToolbar";
import { UnseenButton } from "./UnseenButton";
import { useLogView } from "./useLogView";
import type { LogTerminal } from "./logTerminal";

function closeLogs() {
  const { logs } = view.get();
  // Drawn at once: on a narrow screen the row cannot take the focus while this covers it.
  flushSync(() => view.update((v) => ({ ...v, logs: null })));
  if (logs !== null) focusRow(logs);
}

/** Keys of the panel; the terminal itself takes none. True if the key meant something. */
function handleKey(event: KeyboardEvent, terminal: LogTerminal, focusSearch: () => void): boolean {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.tagName === "INPUT") return false;
  const acts: Record<keyof typeof scrolling | keyof typeof inLogs, () => void> = {
    lineUp: () => terminal.scroll(-1),
    lineDown: () => terminal.scroll(1),
    pageUp: () => terminal.scrollPages(-1),
    pageDown: () => terminal.scrollPages(1),
    top: () => terminal.scrollToTop(),
    end: () => terminal.follow(),
    find: focusSearch,
    pause: () => (terminal.state.get().paused === false ? terminal.pause() : terminal.follow()),
  };
  const meaning = meaningOf({ ...inLogs, ...scrolling }, event);
  if (meaning !== null) acts[meaning]();
  return meaning !== null;
}

export function LogPanel({ id }: { id: string }) {
  const isWide = useMediaQuery(wide);
  const height = useStore(view, (v) => v.dock) ?? usualDockHeight();
  const { host, terminal } = useLogView(id);
  const { app } = useApp(id);
  const panel = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);

  useEffect(() => {
    // Deleted here or elsewhere: there is no log any more.
    if (app === undefined) view.update((v) => (v.logs === id ? { ...v, logs: null } : v));
  }, [app, id]);
  useEffect(() => {
    // The whole screen is this now, and the list cannot have the focus. Not the search: that would raise the keyboard.
    if (!isWide && panel.current?.contains(document.activeElement) === false) panel.current.focus();
  }, [isWide]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // React also brings the keys of menus that were opened from here, which lie elsewhere in the page.
    if (!event.currentTarget.contains(event.target as Node)) return;
    if (event.key === "Escape") closeLogs();
    else if (terminal === null || !handleKey(event, terminal, () => search.current?.focus())) return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section
      ref={panel}
      aria-label={`Logs of ${app?.name ?? id}`}
      {...(!isWide && { role: "dialog", "aria-modal": true })}
      tabIndex={-1}
      data-testid="log-panel"
      data-app-id={id}
      data-own-keys
      style={isWide ? { height: `min(${height}px, calc(100dvh - 180px))` } : undefined}
      className={`flex flex-col bg-surface outline-none ${isWide ? "relative shrink-0 border-t border-line-strong" : "fixed inset-0 z-30"}`}
      onKeyDown={onKeyDown}
    >
      {isWide && <DockHandle height={height} onChange={(dock) => view.update((v) => ({ ...v, dock }))} />}
      {app !== undefined && <LogToolbar app={app} terminal={terminal} searchRef={search} onClose={closeLogs} />}
      {app !== undefined && <Reason app={app} className="shrink-0 border-b border-line px-3 py-1.5 text-sm" />}
      <div className="relative min-h-0 grow bg-terminal">
        <div ref={host} className="absolute inset-y-1 right-0 left-3" data-testid="log-terminal" />
        {terminal !== null && <UnseenButton terminal={terminal} />}
      </div>
    </section>
  );
}
