// The groups to show, computed again only when membership, status, filter or sort changed; while sorted by a number
// that never rests, at most every ten seconds, so that rows hold still under the pointer.
import { useEffect, useMemo } from "react";
import { useNow } from "@/hooks/useNow";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { visibleOperations } from "@/state/fleet";
import { groupsOf, isRestless, type Group } from "@/state/groups";
import { setVisibleIds } from "./selection";
import { has } from "@/state/view";

const restMs = 10_000;

export function useGroups(): Group[] {
  const filter = useStore(view, ({ search, status, category, sort }) => ({ search, status, category, sort }), sameJson);
  const collapsed = useStore(view, (v) => v.collapsed);
  const shape = useStore(fleet, (state) => state.order.map((id) => `${id}${state.apps[id]?.status ?? ""}`).join());
  const operations = useStore(fleet, (state) =>
    visibleOperations(state)
      .map((operation) => operation.id)
      .join(),
  );
  const period = Math.floor(useNow() / restMs);
  const beat = isRestless(filter.sort.key) ? period : 0;
  // The last three are not read, they say when to look again.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const groups = useMemo(() => groupsOf(fleet.get(), filter), [filter, shape, operations, beat]);
  useEffect(() => {
    setVisibleIds(groups.flatMap((group) => (has(collapsed, group.key) ? [] : group.ids)));
  }, [groups, collapsed]);
  return groups;
}
