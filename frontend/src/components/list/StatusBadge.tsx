// An app's status as colour, icon and word: colour alone tells some people nothing.
import { CircleAlert, CircleCheck, CircleHelp, CircleStop, LoaderCircle } from "lucide-react";
import type { AppStatus, Page } from "@/api/types";
import type { PendingAction } from "@/state/fleet";
import type { StatusFilter } from "@/state/view";

const looks = {
  online: { className: "bg-online-soft text-online", icon: CircleCheck },
  launching: { className: "bg-launching-soft text-launching", icon: LoaderCircle },
  errored: { className: "bg-errored-soft text-errored", icon: CircleAlert },
  stopped: { className: "bg-stopped-soft text-stopped", icon: CircleStop },
  unknown: { className: "bg-unknown-soft text-unknown", icon: CircleHelp },
} as const;

export const statusWords: Record<StatusFilter, string> = {
  online: "Online",
  launching: "Launching",
  errored: "Errored",
  stopped: "Stopped",
  unknown: "Unknown",
  broken: "Page broken",
};

const busyWords: Record<PendingAction, string> = {
  starting: "Starting…",
  stopping: "Stopping…",
  restarting: "Restarting…",
  deleting: "Deleting…",
};

const pill =
  "inline-flex h-[22px] items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap";

/** `broken`: it is online, and its page is not. */
export function StatusBadge({
  status,
  busy,
  broken = false,
}: {
  status: AppStatus;
  busy: PendingAction | null;
  broken?: boolean;
}) {
  const bad = broken && busy === null;
  const { className, icon } = bad ? looks.errored : looks[status];
  const Icon = busy === null ? icon : LoaderCircle;
  const spins = busy !== null || status === "launching";
  return (
    <span data-testid="status-badge" className={`${pill} ${className}`}>
      <Icon size={14} aria-hidden className={spins ? "motion-safe:animate-spin" : ""} />
      {busy === null ? statusWords[status] : busyWords[busy]}
      {bad && ", broken"}
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

export function StatusDot({ status }: { status: StatusFilter }) {
  const colour = status === "broken" ? "errored" : status;
  return <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--c-${colour}-dot)` }} />;
}
