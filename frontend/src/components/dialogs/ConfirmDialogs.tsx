// Questions before what cannot be undone, or touches everything. They name what will be touched, and only that is.
import type { App } from "@/api/types";
import { runBulk } from "@/components/list/bulk";
import { Confirm } from "@/components/ui/Dialog";
import { plural } from "@/format";
import { view } from "@/services";
import type { DialogState } from "@/state/view";

type Bulk = Extract<DialogState, { kind: "bulk" }>;
const namesShown = 12;

const verbs = { stop: "Stop", restart: "Restart", delete: "Delete" } as const;
const sentences = {
  stop: "These apps are running:",
  restart: "Running apps are restarted, the others started:",
  delete: "Their servers are stopped, and their folders and logs are removed from this machine:",
} as const;

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
  return (
    <Confirm
      title={`${verbs[action]} ${what}?`}
      confirm={one ? "Delete app" : `${verbs[action]} ${plural(apps.length, "app")}`}
      danger={action === "delete"}
      onClose={() => view.update((v) => ({ ...v, dialog: null }))}
      onConfirm={() => runBulk(action, apps)}
    >
      {one && first !== undefined ? (
        <OneDeleted app={first} />
      ) : (
        <>
          <p>{sentences[action]}</p>
          <Names apps={apps} />
        </>
      )}
      {action === "delete" && <p>This cannot be undone.</p>}
    </Confirm>
  );
}
