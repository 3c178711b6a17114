// The log of one app: a dock under the list on a wide screen, so that the list stays in use; the whole screen on a
// narrow one, with the rest of the page inert behind it (App.tsx). It is the same panel in both, so that turning a
// tablet loses neither the search nor the place.
import { useEffect, useRef, type KeyboardEvent } from "react";
import { flushSync } from "react-dom";
import type { App } from "@/api/types";
import { useApp } from "@/hooks/useApp";
import { useMediaQuery, wide } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { plainStanding } from "@/state/sleep";
import { view } from "@/services";
import { Reason } from "@/components/list/cells";
import { focusRow } from "@/components/list/selection";
import { StatusBadge } from "@/components/list/StatusBadge";
import { DockHandle, usualDockHeight } from "./DockHandle";
import { LogView } from "./LogView";

function closeLogs() {
  const { logs } = view.get();
  // Drawn at once: on a narrow screen the row cannot take the focus while this covers it.
  flushSync(() => view.update((v) => ({ ...v, logs: null })));
  if (logs !== null) focusRow(logs);
}

function Title({ app }: { app: App }) {
  const { busy } = useApp(app.id);
  return (
    <>
      <h2 className="max-w-[min(16rem,45%)] min-w-0 truncate font-semibold" title={app.name}>
        <span className="sr-only">Logs of </span>
        <bdi>{app.name}</bdi>
      </h2>
      <StatusBadge standing={plainStanding(app)} busy={busy} />
    </>
  );
}

export function LogPanel({ id }: { id: string }) {
  const isWide = useMediaQuery(wide);
  const height = useStore(view, (v) => v.dock) ?? usualDockHeight();
  const { app } = useApp(id);
  const panel = useRef<HTMLElement>(null);

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
    if (event.key !== "Escape") return;
    closeLogs();
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
      {app !== undefined && (
        <LogView
          ids={[id]}
          head={<Title app={app} />}
          note={<Reason app={app} className="shrink-0 border-b border-line px-3 py-1.5 text-sm" />}
          onClose={closeLogs}
        />
      )}
    </section>
  );
}
