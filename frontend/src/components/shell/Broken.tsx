// What stands where a part of the page could not be shown.
import { TriangleAlert } from "lucide-react";
import type { FallbackProps } from "react-error-boundary";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";

function reload() {
  window.location.reload();
}

/** Loading the page anew while nobody answers would leave nothing at all. */
function WhatNow({ onClose }: { onClose?: () => void }) {
  const silent = useStore(fleet, (state) => state.connection.state === "offline");
  return (
    <>
      <p>
        {silent
          ? "Berth does not answer. As soon as it is back, the page can be loaded anew."
          : "Berth was stopped or updated since this page was opened. Load the page anew."}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" disabled={silent} onClick={reload}>
          Reload the page
        </Button>
        {onClose !== undefined && <Button onClick={onClose}>Close</Button>}
      </div>
    </>
  );
}

export function LogsFailed() {
  return (
    <section
      role="alert"
      data-testid="part-failed"
      className="flex flex-col gap-3 border-t border-line-strong bg-surface p-4 max-wide:fixed max-wide:inset-0 max-wide:z-30"
    >
      <h2 className="font-semibold">The logs could not be shown</h2>
      <WhatNow onClose={() => view.update((v) => ({ ...v, logs: null }))} />
    </section>
  );
}

function DialogFailed({ title }: { title: string }) {
  return (
    <Dialog title={title} onClose={() => view.update((v) => ({ ...v, dialog: null }))} testId="part-failed">
      <div className="flex flex-col gap-3 px-5 pt-2 pb-5">
        <WhatNow />
      </div>
    </Dialog>
  );
}

export const PaletteFailed = () => <DialogFailed title="The commands could not be shown" />;
export const CreateFailed = () => <DialogFailed title="The form for a new app could not be shown" />;

export function GraphsFailed() {
  return (
    <div data-testid="part-failed" className="flex flex-col gap-3 text-ink-2">
      <p className="font-semibold">The graphs could not be shown</p>
      <WhatNow />
    </div>
  );
}

/** In place of the whole page: a fault of ours that nothing nearer caught. */
export function PageFailed({ error }: FallbackProps) {
  return (
    <main role="alert" className="mx-auto flex max-w-md flex-col items-center px-6 py-24 text-center">
      <TriangleAlert size={28} aria-hidden className="text-unknown" />
      <h1 className="mt-3 text-lg font-semibold">This page has a fault</h1>
      <p className="mt-2 text-ink-2">Your apps are not touched by it. Reload the page to go on.</p>
      <pre className="mt-4 max-w-full rounded-lg border border-line bg-sunken px-4 py-2.5 text-left font-mono text-xs whitespace-pre-wrap">
        {error instanceof Error ? error.message : String(error)}
      </pre>
      <Button variant="primary" className="mt-6" onClick={reload}>
        Reload the page
      </Button>
    </main>
  );
}
