// What stands where a part of the page could not be shown.
import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { FallbackProps } from "react-error-boundary";
import { Button } from "@/components/ui/Button";
import { useStore } from "@/hooks/useStore";
import { showMessages, type Message } from "@/messages";
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

export function DockFailed() {
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

/** The browser's own dialog: it needs nothing fetched. */
function DialogFailed({ title }: { title: string }) {
  return (
    <dialog
      ref={(dialog) => {
        if (dialog?.open === false) dialog.showModal();
      }}
      aria-label={title}
      data-testid="part-failed"
      className="m-auto w-[calc(100vw-24px)] max-w-lg rounded-xl border border-line bg-surface p-5 text-ink shadow-pop backdrop:bg-black/45"
      onClose={() => view.update((v) => ({ ...v, dialog: null }))}
    >
      <div className="flex flex-col gap-3">
        <h2 className="text-base font-semibold">{title}</h2>
        <WhatNow onClose={() => view.update((v) => ({ ...v, dialog: null }))} />
      </div>
    </dialog>
  );
}

export const CommandsFailed = () => <DialogFailed title="The commands could not be shown" />;
export const CreateFailed = () => <DialogFailed title="The form for a new app could not be shown" />;

export const ConfirmFailed = () => <DialogFailed title="The question could not be shown: nothing was done" />;
export const HelpFailed = () => <DialogFailed title="The help could not be shown" />;

function Failed({ title, className = "" }: { title: string; className?: string }) {
  return (
    <div data-testid="part-failed" className={`flex flex-col gap-3 text-ink-2 ${className}`}>
      <p className="font-semibold">{title}</p>
      <WhatNow />
    </div>
  );
}

export const GraphsFailed = () => <Failed title="The graphs could not be shown" />;
export const DetailFailed = () => <Failed title="The details could not be shown" className="p-4" />;
export const ViewFailed = () => <Failed title="This page could not be shown" className="p-6" />;
export const HealthFailed = () => <Failed title="The details could not be shown" className="p-4" />;

/** The last one in plain words: that something failed must be heard, whatever else cannot be fetched. */
export function MessagesFailed() {
  const [message, setMessage] = useState<Message | null>(null);
  useEffect(() => showMessages(setMessage), []);
  if (message === null) return null;
  return (
    <div
      role="alert"
      className="fixed right-4 bottom-4 z-50 max-w-sm rounded-lg border border-line-strong bg-surface p-4"
    >
      <p className="font-semibold">{message.title}</p>
      <p className="whitespace-pre-line text-ink-2">{message.detail}</p>
      <Button size="sm" className="mt-2" onClick={() => setMessage(null)}>
        Close
      </Button>
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
