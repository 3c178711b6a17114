// The pieces of a row that both the table and the cards show.
import { memo } from "react";
import type { App } from "@/api/types";
import { duration } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { lastHeard } from "@/state/fleet";
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

/** The name; a link where there is something to open. Isolated, so that bidi controls in it reorder nothing else. */
export function AppName({ app }: { app: App }) {
  if (app.status !== "online") {
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
      title={app.name}
      className="truncate rounded font-medium text-ink underline-offset-3 hover:text-accent-text hover:underline"
    >
      <bdi>{app.name}</bdi>
    </a>
  );
}

/** One line on what is not as it should be. */
export function Reason({ app, className = "" }: { app: App; className?: string }) {
  const text = app.statusReason;
  if (text === null) return null;
  const tone = app.status === "errored" ? "text-errored" : app.status === "unknown" ? "text-unknown" : "text-launching";
  return (
    <span className={`${tone} ${className}`} title={text} data-testid="status-reason">
      {text}
    </span>
  );
}
