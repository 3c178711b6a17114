// The running pages, live and small. A preview is for the eyes alone, and starts nothing: see state/previews.ts.
import { Moon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { App } from "@/api/types";
import { Link } from "@/components/Link";
import { AppName, ReasonLink } from "@/components/list/cells";
import { appUrl } from "@/components/list/commands";
import { RowCommands } from "@/components/list/RowCommands";
import { OperationCard } from "@/components/list/OperationCard";
import { rowAttributes } from "@/components/list/selection";
import { StatusBadge } from "@/components/list/StatusBadge";
import { useApp, useRowView } from "@/hooks/useApp";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import type { Group } from "@/state/groups";
import { previewed } from "@/state/previews";
import { isAsleep, standingOf } from "@/state/sleep";
import { isBroken } from "@/state/trouble";

/** As wide as a page is made for; it is drawn smaller. */
const pageSize = { width: 1280, height: 800 };

/** Which cards are in sight. */
function useInSight(): { inSight: ReadonlySet<string>; watch: (id: string, element: HTMLElement) => () => void } {
  const [inSight, setInSight] = useState<ReadonlySet<string>>(new Set());
  const observer = useRef<IntersectionObserver | null>(null);
  const [watch] = useState(() => (id: string, element: HTMLElement) => {
    observer.current ??= new IntersectionObserver((changes) => {
      setInSight((before) => {
        const now = new Set(before);
        for (const { target, isIntersecting } of changes) {
          const key = (target as HTMLElement).dataset["appId"] ?? "";
          if (isIntersecting) now.add(key);
          else now.delete(key);
        }
        return now;
      });
    });
    const watching = observer.current;
    element.dataset["appId"] = id;
    watching.observe(element);
    return () => watching.unobserve(element);
  });
  useEffect(
    () => () => {
      observer.current?.disconnect();
      observer.current = null;
    },
    [],
  );
  return { inSight, watch };
}

function Frame({ app, width }: { app: App; width: number }) {
  return (
    // Nothing in it takes the focus, a click or a place for who reads aloud.
    <div inert className="pointer-events-none absolute inset-0 overflow-hidden bg-white">
      <iframe
        key={app.startedAt}
        src={appUrl(app)}
        title={`Preview of ${app.name}`}
        data-testid="preview"
        tabIndex={-1}
        sandbox="allow-scripts allow-same-origin"
        referrerPolicy="no-referrer"
        style={{ ...pageSize, transform: `scale(${width / pageSize.width})` }}
        className="origin-top-left border-0"
      />
    </div>
  );
}

/** What stands for a page that is not shown live. */
function Still({ app }: { app: App }) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-2 px-6 text-center text-xs text-ink-3">
      {app.asleep && <Moon size={26} strokeWidth={1.5} aria-hidden className="text-asleep" />}
      <p>{whyNot(app)}</p>
    </div>
  );
}

function whyNot(app: App): string {
  if (app.asleep) return isAsleep(app) ? "It sleeps" : "It falls asleep";
  if (app.status !== "online") return "It is not running";
  return app.lastOpenedAt !== null && app.startedAt !== null && app.lastOpenedAt > app.startedAt
    ? ""
    : "Nobody opened it since it started";
}

function Card({
  id,
  live,
  watch,
}: {
  id: string;
  live: boolean;
  watch: (id: string, element: HTMLElement) => () => void;
}) {
  const { app, busy } = useApp(id);
  const { current, selected } = useRowView(id);
  const picture = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = picture.current;
    if (element === null) return;
    const size = new ResizeObserver(() => setWidth(element.clientWidth));
    size.observe(element);
    const unwatch = watch(id, element);
    return () => {
      size.disconnect();
      unwatch();
    };
  }, [id, watch]);
  if (app === undefined) return null;
  return (
    <li
      {...rowAttributes(app, busy, current)}
      data-testid="app-row"
      className={`flex flex-col overflow-hidden rounded-lg border ${selected ? "bg-accent-soft" : "bg-surface"} ${isBroken(app) || app.status === "errored" ? "border-errored-dot" : "border-line"}`}
    >
      <div ref={picture} className="relative aspect-[16/10] bg-sunken">
        {live && width > 0 ? <Frame app={app} width={width} /> : <Still app={app} />}
      </div>
      <div className="flex items-center gap-2 border-t border-line px-3 pt-2">
        <span className="flex min-w-0 grow">
          <AppName app={app} />
        </span>
        <span className="font-mono text-xs text-ink-3">{app.port}</span>
        <StatusBadge standing={standingOf(app)} busy={busy} />
      </div>
      <ReasonLink app={app} className="mx-3 mt-1 line-clamp-2 text-xs break-words" />
      <div className="mt-auto flex items-center px-1.5 pt-1 pb-1.5">
        <Link
          to={{ page: "app", id, tab: "overview" }}
          className="rounded px-1.5 text-xs text-accent-text underline underline-offset-3"
        >
          More<span className="sr-only"> of {app.name}</span>
        </Link>
        <span className="grow" />
        <RowCommands app={app} busy={busy} />
      </div>
    </li>
  );
}

export function Gallery({ groups }: { groups: readonly Group[] }) {
  const { inSight, watch } = useInSight();
  const ids = groups.flatMap((group) => group.ids);
  const live = useStore(fleet, (state) => previewed(ids, inSight, state.apps), sameJson);
  return (
    <div className="px-4 pb-4" data-testid="gallery">
      {groups.flatMap((group) =>
        group.operations.map((operation) => (
          <div key={operation} className="mb-3 overflow-hidden rounded-lg border border-line bg-surface">
            <OperationCard id={operation} />
          </div>
        )),
      )}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,300px),1fr))] gap-4">
        {ids.map((id) => (
          <Card key={id} id={id} live={live.includes(id)} watch={watch} />
        ))}
      </ul>
    </div>
  );
}
