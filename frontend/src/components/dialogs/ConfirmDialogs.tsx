// Questions before what cannot be undone, or touches everything. They name what will be touched, and only that is.
import { Fragment } from "react";
import type { App } from "@/api/types";
import { runBulk } from "@/components/list/bulk";
import { Confirm } from "@/components/ui/Dialog";
import { plural } from "@/format";
import { view } from "@/services";
import { isAsleep } from "@/state/sleep";
import type { DialogState } from "@/state/view";

type Bulk = Extract<DialogState, { kind: "bulk" }>;
const namesShown = 12;

const verbs = { stop: "Stop", restart: "Restart", sleep: "Put", wake: "Wake", delete: "Delete" } as const;
const sentences = {
  stop: "These apps are running:",
  stopAsleep: "These sleep, and will not wake any more when they are opened:",
  restart: "Running apps are restarted, the others started:",
  sleep: "Their servers are stopped, and start again when they are opened:",
  wake: "These apps are started:",
  delete: "Their servers are stopped, and their folders and logs are removed from this machine:",
  forget: "Their servers are stopped and their logs removed. Their folders are yours, and stay as they are:",
} as const;

/** What becomes of whom: adopted folders are never removed. */
function sentencesFor(action: Bulk["action"], apps: readonly App[]): [string, readonly App[]][] {
  const split = (sentence: string, other: string, isOther: (app: App) => boolean): [string, readonly App[]][] => [
    [sentence, apps.filter((app) => !isOther(app))],
    [other, apps.filter(isOther)],
  ];
  if (action !== "delete" && action !== "stop") return [[sentences[action], apps]];
  const parts =
    action === "delete"
      ? split(sentences.delete, sentences.forget, (app) => !app.owned)
      : split(sentences.stop, sentences.stopAsleep, isAsleep);
  return parts.filter(([, its]) => its.length > 0);
}

function Names({ apps }: { apps: readonly App[] }) {
  return (
    <ul className="my-2 rounded-md border border-line bg-canvas px-3 py-1.5">
      {apps.slice(0, namesShown).map((app) => (
        <li key={app.id} className="truncate text-ink">
          <bdi>{app.name}</bdi>
        </li>
      ))}
      {apps.length > namesShown && <li>and {apps.length - namesShown} more</li>}
    </ul>
  );
}

function OneDeleted({ app }: { app: App }) {
  if (!app.owned)
    return (
      <p>
        Its server is stopped and its logs are removed. Its folder{" "}
        <code className="font-mono text-xs break-all text-ink">{app.directory}</code> is yours: nothing in it is
        touched, and it can be adopted again.
      </p>
    );
  return (
    <p>
      Its server is stopped, its folder <code className="font-mono text-xs break-all text-ink">{app.directory}</code>{" "}
      and its logs are removed from this machine, and port {app.port} becomes free.
    </p>
  );
}

export function BulkDialog({ dialog: { action, apps, what } }: { dialog: Bulk }) {
  const [first] = apps;
  const one = action === "delete" && apps.length === 1;
  const how = action === "sleep" ? " to sleep" : "";
  const verb = one && first?.owned === false ? "Forget" : verbs[action];
  return (
    <Confirm
      title={`${verb} ${what}${how}?`}
      confirm={one ? `${verb} app` : `${verb} ${plural(apps.length, "app")}${how}`}
      danger={action === "delete"}
      onClose={() => view.update((v) => ({ ...v, dialog: null }))}
      onConfirm={() => runBulk(action, apps)}
    >
      {one && first !== undefined ? (
        <OneDeleted app={first} />
      ) : (
        sentencesFor(action, apps).map(([sentence, its]) => (
          <Fragment key={sentence}>
            <p>{sentence}</p>
            <Names apps={its} />
          </Fragment>
        ))
      )}
      {action === "delete" && apps.some((app) => app.owned) && <p>This cannot be undone.</p>}
    </Confirm>
  );
}
