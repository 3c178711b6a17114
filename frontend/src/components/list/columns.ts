// The table's columns: fixed widths, so that a changing number moves nothing. The unnamed one takes what is left and
// holds the reason of a status, the only text whose length is not known.
import { roomy, useMediaQuery } from "@/hooks/useMediaQuery";
import type { SortKey } from "@/state/view";

export interface Column {
  label: string;
  width?: number;
  sort?: SortKey;
  right?: boolean;
  /** Said to screen readers only: the content speaks for itself to the eye. */
  quiet?: boolean;
  /** Left out where there is no room to spare. */
  roomy?: boolean;
}

const columns: readonly Column[] = [
  { label: "Select", width: 40, quiet: true },
  { label: "Details", width: 34, quiet: true },
  { label: "Name", width: 220, sort: "name" },
  { label: "Port", width: 62, sort: "port" },
  { label: "Status", width: 136, sort: "status" },
  { label: "Reason", quiet: true },
  { label: "Uptime", width: 84, sort: "uptime", right: true },
  { label: "Memory", width: 88, sort: "memory", right: true },
  { label: "CPU", width: 78, sort: "cpu", right: true },
  { label: "CPU history", width: 112, roomy: true },
  { label: "Actions", width: 240, quiet: true },
];

const withoutRoomy = columns.filter((column) => column.roomy !== true);

/** Those that there is room for. A cell over all of them spans no more: the table would make a column for the rest. */
export function useColumns(): readonly Column[] {
  return useMediaQuery(roomy) ? columns : withoutRoomy;
}
