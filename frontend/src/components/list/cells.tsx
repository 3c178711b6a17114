// The pieces of a row that both the table and the cards show.
import { Pin } from "lucide-react";
import { memo } from "react";
import type { App } from "@/api/types";
import { duration } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { lastHeard } from "@/state/fleet";
import { has } from "@/state/view";
import { canOpen, isAsleep, standingOf, type Standing } from "@/state/sleep";
import { wordsOf } from "@/state/trouble";
import { Link } from "@/components/Link";
import { appUrl } from "./commands";

export function isUp(app: App): boolean {
  return app.status === "online" || app.status === "launching";
}

/**
 * Ticks by itself, so that a row renders only for its own changes. While nothing is heard of the server it stands
 * still: that the app still runs is not known.
 */
export const Uptime = memo(function Uptime({ since }: { since: number | null }) {
  const clock = useNow();
  const heard = useStore(fleet, lastHeard);
  return <>{since === null ? "–" : duration((heard ?? clock) - since)}</>;
});

/**
 * The name; a link where there is something to open, or to wake by it. Isolated, so that bidi controls in it reorder
 * nothing else.
 */
export function AppName({ app }: { app: App }) {
  if (!canOpen(app)) {
    return (
      <span className="truncate font-medium text-ink-2" title={app.name}>
        <bdi>{app.name}</bdi>
      </span>
    );
  }
  return (
    <a
      href={appUrl(app)}
      target="_blank"
      rel="noopener noreferrer"
      title={isAsleep(app) ? `${app.name}: ${app.statusReason ?? ""}` : app.name}
      className="truncate rounded font-medium text-ink underline-offset-3 hover:text-accent-text hover:underline"
    >
      <bdi>{app.name}</bdi>
    </a>
  );
}

/** Where the list is not grouped by it. */
export function Category({ app }: { app: App }) {
  const grouped = useStore(view, (v) => v.grouped);
  if (grouped || app.category === null) return null;
  return <bdi className="min-w-8 truncate text-xs text-ink-3">{app.category}</bdi>;
}

export function Pinned({ id }: { id: string }) {
  const pinned = useStore(view, (v) => has(v.pinned, id));
  return pinned ? <Pin size={12} role="img" aria-label="Pinned" className="shrink-0 text-ink-3" /> : null;
}

/** That one sleeps is no trouble. */
const tones: Partial<Record<Standing, string>> = {
  errored: "text-errored",
  broken: "text-errored",
  unknown: "text-unknown",
  asleep: "text-ink-3",
};

/** One line on what is not as it should be, or why it sleeps. */
export function Reason({ app, className = "" }: { app: App; className?: string }) {
  const text = wordsOf(app);
  if (text === null) return null;
  const tone = tones[standingOf(app)] ?? "text-launching";
  return (
    <span className={`${tone} ${className}`} title={text} data-testid="status-reason">
      {text}
    </span>
  );
}

/** The same, and the way to all that is known of it. */
export function ReasonLink({ app, className = "" }: { app: App; className?: string }) {
  if (wordsOf(app) === null) return null;
  return (
    <Link
      to={{ page: "app", id: app.id, tab: "overview" }}
      aria-label={`Why: ${wordsOf(app) ?? ""}`}
      className={`rounded underline-offset-3 hover:underline ${className}`}
    >
      <Reason app={app} />
    </Link>
  );
}
