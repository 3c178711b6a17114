// The address of a view, and the view of an address: pure, so that what is loaded, reloaded or shared is the same. What
// is as usual is not said.
import { statuses } from "@/api/types";
import {
  appTabs,
  initialView,
  noCategory,
  sortKeys,
  type AppTab,
  type Place,
  type StatusFilter,
  type View,
} from "./view";

/** What an address says of the view. */
export type Addressed = Pick<
  View,
  "place" | "search" | "status" | "category" | "sort" | "grouped" | "gallery" | "logs"
>;

const falling = ["createdAt", "uptime", "memory", "cpu"];

/** The direction in which a sort is of use first: what is newest, oldest or largest. */
export function usualDirection(key: string): boolean {
  return falling.includes(key);
}

const filters: readonly StatusFilter[] = [...statuses, "broken", "asleep"];

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone "%": no app is called so.
  }
}

function placeOf(path: string, query: URLSearchParams): Place {
  const [page, id, tab, ...more] = path.split("/").filter((part) => part !== "");
  if (page === undefined) return { page: "list" };
  if (page === "apps" && id !== undefined && more.length === 0) {
    const known = appTabs.find((one) => one === (tab ?? "overview"));
    const line = known === "logs" ? query.get("line") : null;
    if (known !== undefined) return { page: "app", id: decoded(id), tab: known, ...(line !== null && { line }) };
  }
  if (id === undefined) {
    if (page === "activity" || page === "templates") return { page };
    if (page === "logs") return { page, apps: [...new Set(query.getAll("app"))] };
  }
  return { page: "nowhere", path };
}

function sortOf(text: string | null): View["sort"] {
  const [name, direction] = (text ?? "").split(".");
  const key = sortKeys.find((one) => one === name);
  if (key === undefined) return initialView.sort;
  return { key, descending: direction === undefined ? usualDirection(key) : direction === "down" };
}

/** `search` as the browser has it: with its "?", or blank. */
export function readAddress(path: string, search: string): Addressed {
  const query = new URLSearchParams(search);
  const place = placeOf(path, query);
  const status = filters.find((one) => one === query.get("status"));
  return {
    place,
    search: query.get("q") ?? "",
    status: status ?? null,
    category: query.has("category") ? (query.get("category") ?? noCategory) : null,
    sort: sortOf(query.get("sort")),
    grouped: query.get("group") !== "none",
    gallery: query.get("view") === "gallery",
    logs: place.page === "list" ? query.get("logs") : null,
  };
}

/** Whether an address says how the list is to be, rather than leaving it to what was last chosen. */
export function saysHow(search: string): boolean {
  const query = new URLSearchParams(search);
  return ["q", "status", "category", "sort", "group", "view"].some((key) => query.has(key));
}

function listQuery({ search, status, category, sort, grouped, gallery, logs }: Addressed): string {
  const query = new URLSearchParams();
  if (search !== "") query.set("q", search);
  if (status !== null) query.set("status", status);
  if (category !== null) query.set("category", category);
  if (sort.key !== initialView.sort.key || sort.descending !== initialView.sort.descending) {
    const turned = sort.descending === usualDirection(sort.key) ? "" : sort.descending ? ".down" : ".up";
    query.set("sort", sort.key + turned);
  }
  if (!grouped) query.set("group", "none");
  if (gallery) query.set("view", "gallery");
  if (logs !== null) query.set("logs", logs);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

export function appAddress(id: string, tab: AppTab = "overview"): string {
  return `/apps/${encodeURIComponent(id)}${tab === "overview" ? "" : `/${tab}`}`;
}

/** The list's own filters go with the list alone. */
export function writeAddress(view: Addressed): string {
  const { place } = view;
  switch (place.page) {
    case "list":
      return `/${listQuery(view)}`;
    case "app":
      return (
        appAddress(place.id, place.tab) +
        (place.line === undefined ? "" : `?line=${encodeURIComponent(place.line).replaceAll("%3A", ":")}`)
      );
    case "logs": {
      const query = place.apps.map((id) => `app=${encodeURIComponent(id)}`).join("&");
      return query === "" ? "/logs" : `/logs?${query}`;
    }
    case "nowhere":
      return place.path;
    case "activity":
    case "templates":
      return `/${place.page}`;
  }
}
