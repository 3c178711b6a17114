// An app's status as colour, icon and word: colour alone tells some people nothing.
import { CircleAlert, CircleCheck, CircleHelp, CircleStop, LoaderCircle } from "lucide-react";
import type { AppStatus } from "@/api/types";
import type { PendingAction } from "@/state/fleet";

const looks = {
  online: { className: "bg-online-soft text-online", icon: CircleCheck },
  launching: { className: "bg-launching-soft text-launching", icon: LoaderCircle },
  errored: { className: "bg-errored-soft text-errored", icon: CircleAlert },
  stopped: { className: "bg-stopped-soft text-stopped", icon: CircleStop },
  unknown: { className: "bg-unknown-soft text-unknown", icon: CircleHelp },
} as const;

export const statusWords: Record<AppStatus, string> = {
  online: "Online",
  launching: "Launching",
  errored: "Errored",
  stopped: "Stopped",
  unknown: "Unknown",
};

const busyWords: Record<PendingAction, string> = {
  starting: "Starting…",
  stopping: "Stopping…",
  restarting: "Restarting…",
  deleting: "Deleting…",
};

export function StatusBadge({ status, busy }: { status: AppStatus; busy: PendingAction | null }) {
  const { className, icon } = looks[status];
  const Icon = busy === null ? icon : LoaderCircle;
  const spins = busy !== null || status === "launching";
  return (
    <span
      data-testid="status-badge"
      className={`inline-flex h-[22px] items-center gap-1.5 rounded-full pr-2.5 pl-1.5 text-xs font-medium whitespace-nowrap ${className}`}
    >
      <Icon size={14} aria-hidden className={spins ? "motion-safe:animate-spin" : ""} />
      {busy === null ? statusWords[status] : busyWords[busy]}
    </span>
  );
}

export function StatusDot({ status }: { status: AppStatus }) {
  return <span aria-hidden className="size-2 rounded-full" style={{ background: `var(--c-${status}-dot)` }} />;
}
