import { useEffect, useRef } from "react";
import { useStore } from "@/hooks/useStore";
import { list, view } from "@/services";
import type { Group } from "@/state/groups";
import { rowsOf } from "@/state/list";
import { keepCurrent } from "./selection";

/** The groups to show. For the list alone: it keeps the keyboard's place when rows go. */
export function useGroups(): readonly Group[] {
  const groups = useStore(list, (all) => all);
  const collapsed = useStore(view, (v) => v.collapsed);
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    const rows = rowsOf(groups, collapsed);
    keepCurrent(before.current, rows);
    before.current = rows;
  }, [groups, collapsed]);
  return groups;
}
