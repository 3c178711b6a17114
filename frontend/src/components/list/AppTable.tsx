// The list on a wide screen: one table, a body per category.
import { ArrowDown, ArrowUp } from "lucide-react";
import { useStore } from "@/hooks/useStore";
import { view } from "@/services";
import { everything, type Group } from "@/state/groups";
import { usualDirection } from "@/state/address";
import type { SortKey } from "@/state/view";
import { AppRow } from "./AppRow";
import { useColumns, type Column } from "./columns";
import { GroupHeader } from "./GroupHeader";
import { OperationCard } from "./OperationCard";
import { has } from "@/state/view";

function sortBy(key: SortKey) {
  view.update((v) => {
    const descending = v.sort.key === key ? !v.sort.descending : usualDirection(key);
    return { ...v, sort: { key, descending } };
  });
}

function HeaderCell({ column }: { column: Column }) {
  const sort = useStore(view, (v) => v.sort);
  const active = column.sort !== undefined && sort.key === column.sort;
  const Arrow = sort.descending ? ArrowDown : ArrowUp;
  const align = column.right === true ? "justify-end" : "";
  return (
    <th
      scope="col"
      aria-sort={active ? (sort.descending ? "descending" : "ascending") : undefined}
      className={`h-7 border-b border-line text-xs font-medium text-ink-3 ${column.roomy === true ? "pl-4" : ""} text-left`}
    >
      {column.quiet === true && <span className="sr-only">{column.label}</span>}
      {column.quiet !== true && column.sort === undefined && column.label}
      {column.sort !== undefined && (
        <button
          type="button"
          className={`flex w-full items-center gap-1 rounded hover:text-ink ${align} ${active ? "text-ink" : ""}`}
          onClick={() => column.sort !== undefined && sortBy(column.sort)}
        >
          {column.right === true && active && <Arrow size={12} aria-hidden />}
          {column.label}
          {column.right !== true && active && <Arrow size={12} aria-hidden />}
        </button>
      )}
    </th>
  );
}

function GroupBody({ group }: { group: Group }) {
  const collapsed = useStore(view, (v) => has(v.collapsed, group.key));
  const { length } = useColumns();
  return (
    <tbody>
      {group.key !== everything && (
        <tr>
          <th scope="rowgroup" colSpan={length} className="p-0 text-left font-normal">
            <GroupHeader group={group} />
          </th>
        </tr>
      )}
      {!collapsed &&
        group.operations.map((operation) => (
          <tr key={operation} className="bg-surface">
            <td colSpan={length} className="p-0">
              <OperationCard id={operation} />
            </td>
          </tr>
        ))}
      {!collapsed && group.ids.map((id) => <AppRow key={id} id={id} />)}
    </tbody>
  );
}

export function AppTable({ groups }: { groups: readonly Group[] }) {
  const columns = useColumns();
  return (
    <table className="w-full min-w-[1040px] table-fixed border-separate border-spacing-0 [&>tbody>tr>td]:border-b [&>tbody>tr>td]:border-line [&>tbody>tr>th]:border-b [&>tbody>tr>th]:border-line">
      <caption className="sr-only">Apps</caption>
      <colgroup>
        {columns.map((column) => (
          <col key={column.label} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead className="sticky top-0 z-10 bg-canvas">
        <tr>
          {columns.map((column) => (
            <HeaderCell key={column.label} column={column} />
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <GroupBody key={group.key} group={group} />
      ))}
    </table>
  );
}
