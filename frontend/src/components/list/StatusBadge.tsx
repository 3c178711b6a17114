// An app's status as colour, icon and word: colour alone tells some people nothing.
import { CircleAlert, CircleCheck, CircleHelp, CircleStop, LoaderCircle, Moon } from "lucide-react";
import type { Page } from "@/api/types";
import type { PendingAction } from "@/state/fleet";
import type { Standing } from "@/state/sleep";

const looks = {
  online: { className: "bg-online-soft text-online", icon: CircleCheck },
  launching: { className: "bg-launching-soft text-launching", icon: LoaderCircle },
  errored: { className: "bg-errored-soft text-errored", icon: CircleAlert },
  broken: { className: "bg-errored-soft text-errored", icon: CircleAlert },
  stopped: { className: "bg-stopped-soft text-stopped", icon: CircleStop },
  asleep: { className: "bg-asleep-soft text-asleep", icon: Moon },
  unknown: { className: "bg-unknown-soft text-unknown", icon: CircleHelp },
} as const;

export const statusWords: Record<Standing, string> = {
  online: "Online",
  launching: "Launching",
  errored: "Errored",
  stopped: "Stopped",
  unknown: "Unknown",
  broken: "Page broken",
  asleep: "Asleep",
};

const busyWords: Record<PendingAction, string> = {
  starting: "Starting…",
  stopping: "Stopping…",
  restarting: "Restarting…",
  deleting: "Deleting…",
  waking: "Waking…",
  sleeping: "Falling asleep…",
};

const pill =
  "inline-flex h-[22px] items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap";

export function StatusBadge({ standing, busy }: { standing: Standing; busy: PendingAction | null }) {
  const { className, icon } = looks[busy !== null && standing === "broken" ? "online" : standing];
  const Icon = busy === null ? icon : LoaderCircle;
  const spins = busy !== null || standing === "launching";
  const word = standing === "broken" ? "Online, broken" : statusWords[standing];
  return (
    <span data-testid="status-badge" className={`${pill} ${className}`}>
      <Icon size={14} aria-hidden className={spins ? "motion-safe:animate-spin" : ""} />
      {busy === null ? word : busyWords[busy]}
    </span>
  );
}

const pageLooks = {
  broken: { className: "bg-errored-soft text-errored", icon: CircleAlert, word: "Page broken" },
  working: { className: "bg-online-soft text-online", icon: CircleCheck, word: "Page works" },
  unchecked: { className: "bg-stopped-soft text-stopped", icon: CircleHelp, word: "Page not checked" },
} as const;

/** What is known of its pages, where there is room to say it in full. */
export function PageBadge({ page }: { page: Page }) {
  const { className, icon: Icon, word } = pageLooks[page.state];
  return (
    <span
      data-testid="page-badge"
      data-page={page.state}
      title={page.reason ?? undefined}
      className={`${pill} ${className}`}
    >
      <Icon size={14} aria-hidden />
      {word}
    </span>
  );
}

export function StatusDot({ status }: { status: Standing }) {
  const colour = status === "broken" ? "errored" : status;
  return <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--c-${colour}-dot)` }} />;
}
