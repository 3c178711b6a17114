// Questions before what cannot be undone, or touches everything. They name what will be touched.
import { confirmBulk } from "@/components/list/bulk";
import { Confirm } from "@/components/ui/Dialog";
import { plural } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { actions, fleet, view } from "@/services";
import type { DialogState } from "@/state/view";

type Of<K> = Extract<DialogState, { kind: K }>;
const namesShown = 12;

function close() {
  view.update((v) => ({ ...v, dialog: null }));
}

function Names({ ids }: { ids: string[] }) {
  const names = useStore(fleet, (state) => ids.map((id) => state.apps[id]?.name ?? id), sameJson);
  return (
    <ul className="my-2 rounded-md border border-line bg-canvas px-3 py-1.5">
      {names.slice(0, namesShown).map((name, i) => (
        <li key={ids[i]} className="truncate text-ink">
          <bdi>{name}</bdi>
        </li>
      ))}
      {names.length > namesShown && <li>and {names.length - namesShown} more</li>}
    </ul>
  );
}

export function DeleteDialog({ dialog }: { dialog: Of<"delete"> }) {
  const { ids, what } = dialog;
  const [first] = ids;
  const app = useStore(fleet, (state) => (ids.length === 1 && first !== undefined ? state.apps[first] : undefined));
  return (
    <Confirm
      title={`Delete ${what}?`}
      confirm={ids.length === 1 ? "Delete app" : `Delete ${plural(ids.length, "app")}`}
      danger
      onClose={close}
      onConfirm={() =>
        ids.length === 1 && first !== undefined ? void actions.remove(first) : confirmBulk("delete", ids)
      }
    >
      {app === undefined ? (
        <>
          <p>Their servers are stopped, and their folders and logs are removed from this machine:</p>
          <Names ids={ids} />
        </>
      ) : (
        <p>
          Its server is stopped, its folder{" "}
          <code className="font-mono text-xs break-all text-ink">{app.directory}</code> and its logs are removed from
          this machine, and port {app.port} becomes free.
        </p>
      )}
      <p>This cannot be undone.</p>
    </Confirm>
  );
}

export function BulkDialog({ dialog }: { dialog: Of<"confirm-bulk"> }) {
  const { action, ids, what } = dialog;
  const verb = action === "stop" ? "Stop" : "Restart";
  return (
    <Confirm
      title={`${verb} ${what}?`}
      confirm={`${verb} ${plural(ids.length, "app")}`}
      onClose={close}
      onConfirm={() => confirmBulk(action, ids)}
    >
      <p>{action === "stop" ? "These apps are running:" : "Running apps are restarted, the others started:"}</p>
      <Names ids={ids} />
    </Confirm>
  );
}
