// The app's name, how it is, and what can be done with it.
import { ArrowLeft, Check, Copy, ExternalLink } from "lucide-react";
import { useState } from "react";
import type { App } from "@/api/types";
import { IconLink } from "@/components/Link";
import { isUp, Uptime } from "@/components/list/cells";
import { appUrl, commandsFor, namedUrl, placeOf, type CommandKey } from "@/components/list/commands";
import { PageBadge, StatusBadge } from "@/components/list/StatusBadge";
import { PageTitle } from "@/components/shell/PageTitle";
import { Button, buttonLook, IconButton } from "@/components/ui/Button";
import { useStore } from "@/hooks/useStore";
import { canOpen, isAsleep, plainStanding } from "@/state/sleep";
import { notifier, view } from "@/services";
import type { PendingAction } from "@/state/fleet";
import { EditorButton } from "./Editor";

const copiedMs = 1_500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      window.setTimeout(() => setCopied(false), copiedMs);
    } catch {
      notifier.failed(`${what} could not be copied`, `The browser does not allow it. It is ${text}`);
    }
  };
  return (
    <>
      <IconButton
        label={`Copy ${what}`}
        icon={copied ? <Check size={14} className="text-online" /> : <Copy size={14} />}
        onClick={() => void copy()}
      />
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}

const shown: readonly CommandKey[] = ["check", "restart", "wake", "stop", "sleep", "fork", "pin", "delete"];

function Actions({ app, busy }: { app: App; busy: PendingAction | null }) {
  useStore(view, (v) => v.pinned);
  const commands = commandsFor(app, busy);
  return (
    <div role="group" aria-label={`Actions for ${app.name}`} className="flex flex-wrap gap-1.5">
      {canOpen(app) ? (
        <a
          href={appUrl(app)}
          title={isAsleep(app) ? (app.statusReason ?? undefined) : undefined}
          target="_blank"
          rel="noopener noreferrer"
          className={`${buttonLook("primary")} max-sm:h-11`}
          data-action="open"
        >
          <ExternalLink size={14} aria-hidden /> Open
        </a>
      ) : (
        <Button variant="primary" className="max-sm:h-11" disabled title="Only an online app can be opened">
          <ExternalLink size={14} aria-hidden /> Open
        </Button>
      )}
      <EditorButton app={app} />
      {shown.map((key) => {
        const command = commands.find((one) => one.key === key);
        if (command === undefined) return null;
        const { unavailable, label, icon, run } = command;
        return (
          <Button
            key={placeOf(key)}
            data-action={key}
            aria-disabled={unavailable !== null}
            title={unavailable ?? undefined}
            className={`max-sm:size-11 max-sm:p-0! ${unavailable === null ? "" : "cursor-not-allowed opacity-50"} ${key === "delete" ? "text-errored!" : ""}`}
            onClick={unavailable === null ? run : undefined}
          >
            {icon}
            <span className="max-sm:sr-only">{label}</span>
          </Button>
        );
      })}
    </div>
  );
}

function Address({ url, what }: { url: string; what: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1 text-ink-2">
      <a
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        className="font-mono text-xs break-all hover:text-ink hover:underline"
      >
        {url}
      </a>
      <CopyButton text={url} what={what} />
    </span>
  );
}

export function AppHead({ app, busy }: { app: App; busy: PendingAction | null }) {
  return (
    <header className="flex shrink-0 flex-col gap-2.5 bg-surface px-4 pt-3 pb-2">
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        <IconLink
          to={{ page: "list" }}
          label="Back to the apps"
          icon={<ArrowLeft size={16} />}
          className="-ml-1.5 inline-flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
        />
        <PageTitle className="min-w-0 text-lg! break-words">
          <bdi>{app.name}</bdi>
        </PageTitle>
        <StatusBadge standing={plainStanding(app)} busy={busy} />
        {app.page !== null && <PageBadge page={app.page} />}
        {app.category !== null && (
          <bdi className="max-w-40 truncate rounded-full border border-line px-2.5 text-xs leading-5 text-ink-2">
            {app.category}
          </bdi>
        )}
        <Address url={appUrl(app)} what="the address" />
        <Address url={namedUrl(app)} what="its address by name" />
        {isUp(app) && (
          <span className="text-xs text-ink-3">
            up <Uptime since={app.startedAt} />
          </span>
        )}
      </div>
      <Actions app={app} busy={busy} />
    </header>
  );
}
