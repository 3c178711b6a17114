import { Check, LoaderCircle } from "lucide-react";
import type { Operation } from "@/api/types";
import { Uptime } from "@/components/list/cells";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { actions } from "@/services";
import type { Origin } from "@/state/draft";

const wait = { phase: "waiting", label: "Wait for a free place", hint: "A few at a time, so that each is quick" };
const start = { phase: "starting", label: "Start the development server", hint: "Under pm2, on a port of its own" };
const stepsOf: Record<Origin, readonly { phase: string; label: string; hint: string }[]> = {
  next: [
    wait,
    { phase: "scaffolding", label: "Scaffold the project", hint: "create-next-app the first time, then a copy" },
    start,
  ],
  template: [wait, { phase: "scaffolding", label: "Copy the template", hint: "With its dependencies" }, start],
  fork: [wait, { phase: "scaffolding", label: "Copy the app", hint: "With what is not committed" }, start],
  folder: [start],
};

export function CreateProgress({
  origin,
  operation,
  onClose,
}: {
  origin: Origin;
  operation: Operation | undefined;
  onClose: () => void;
}) {
  const steps = stepsOf[origin];
  const phase = operation?.phase ?? "waiting";
  const shown = phase === "copying" ? "scaffolding" : phase; // a copy takes a second: no step of its own
  const at =
    phase === "done"
      ? steps.length
      : Math.max(
          0,
          steps.findIndex((step) => step.phase === shown),
        );
  const cancellable = operation !== undefined && at < steps.length - 1;
  return (
    <Dialog
      title={operation === undefined ? "Creating the app" : `Creating “${operation.name}”`}
      description={
        (origin === "next" ? "The first takes half a minute, later ones a second or two. " : "") +
        "You can close this; it goes on, and the list shows it."
      }
      onClose={onClose}
      testId="create-progress"
    >
      <div className="px-5 pt-3 pb-5" data-phase={phase}>
        <p role="status" className="sr-only">
          {steps[at]?.label}
        </p>
        <ol className="flex flex-col gap-2.5">
          {steps.map((step, i) => (
            <li
              key={step.phase}
              className={`flex items-center gap-3 ${i > at ? "text-ink-3" : ""}`}
              aria-current={i === at ? "step" : undefined}
            >
              <span
                className={`flex size-5 items-center justify-center rounded-full ${i < at ? "bg-online-soft text-online" : "bg-accent-soft text-accent-text"}`}
              >
                {i < at && <Check size={13} aria-hidden />}
                {i === at && <LoaderCircle size={13} aria-hidden className="motion-safe:animate-spin" />}
              </span>
              <span className={i === at ? "font-medium" : ""}>{step.label}</span>
              <span className="hidden text-xs text-ink-3 sm:inline">{step.hint}</span>
              <span className="grow" />
              {i === at && operation !== undefined && (
                <span className="text-xs text-ink-2">
                  <Uptime since={Date.parse(operation.startedAt)} />
                </span>
              )}
            </li>
          ))}
        </ol>
        <p
          className="mt-4 h-9 truncate rounded-md border border-line bg-sunken px-3 font-mono text-xs leading-9 text-ink-2"
          data-testid="create-line"
        >
          {operation?.line ?? "Waiting for the first line of output…"}
        </p>
        <footer className="mt-4 flex justify-end gap-2">
          <Button disabled={!cancellable} onClick={() => operation !== undefined && void actions.cancel(operation.id)}>
            Cancel creation
          </Button>
          <Button variant="primary" onClick={onClose}>
            Continue in background
          </Button>
        </footer>
      </div>
    </Dialog>
  );
}
