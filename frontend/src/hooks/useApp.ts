import type { App } from "@/api/types";
import { fleet, view } from "@/services";
import { underWay, type PendingAction } from "@/state/fleet";
import { useStore } from "./useStore";
import { has } from "@/state/view";

export function useApp(id: string): { app: App | undefined; busy: PendingAction | null } {
  const app = useStore(fleet, (state) => state.apps[id]);
  const busy = useStore(fleet, (state) => underWay(state, id));
  return { app, busy };
}

export function useRowView(id: string): { selected: boolean; expanded: boolean; current: boolean; following: boolean } {
  return {
    selected: useStore(view, (v) => has(v.selected, id)),
    expanded: useStore(view, (v) => has(v.expanded, id)),
    current: useStore(view, (v) => v.current === id),
    following: useStore(view, (v) => v.logs === id),
  };
}
