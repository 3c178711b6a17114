// Search, filters and what can be done with everything.
import { ArrowDownUp, Ellipsis, Layers, LayoutGrid, Play, Square, Tag, Trash2, X } from "lucide-react";
import { askBulk } from "@/components/list/bulk";
import { SleepItems } from "@/components/list/SleepItems";
import { StatusDot, statusWords } from "@/components/list/StatusBadge";
import { Button, IconButton } from "@/components/ui/Button";
import { Menu, MenuChoice, MenuItem, MenuSeparator } from "@/components/ui/Menu";
import { touched, useMediaQuery } from "@/hooks/useMediaQuery";
import { sameJson, useStore } from "@/hooks/useStore";
import { hintOf, inList } from "@/keymap";
import { fleet, view } from "@/services";
import { categoriesOf, hasStatus, idsIn } from "@/state/groups";
import { usualDirection } from "@/state/address";
import { noCategory, type SortKey, type StatusFilter as StatusFilterKey } from "@/state/view";

export const searchId = "search";

function SearchBox() {
  const search = useStore(view, (v) => v.search);
  const fingers = useMediaQuery(touched);
  return (
    <div className="relative w-full wide:w-48">
      <input
        id={searchId}
        type="search"
        value={search}
        aria-label="Search apps by name, port or category"
        placeholder={fingers ? "Search" : "Search  ( / )"}
        autoComplete="off"
        spellCheck={false}
        className="h-8 w-full rounded-md border border-line-strong bg-surface px-2.5 [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => {
          const text = event.currentTarget.value;
          view.update((v) => ({ ...v, search: text }));
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            view.update((v) => ({ ...v, search: "" }));
            event.currentTarget.blur();
          }
        }}
      />
      {search !== "" && (
        <IconButton
          label="Clear the search"
          icon={<X size={14} />}
          className="absolute top-0.5 right-0.5"
          onClick={() => view.update((v) => ({ ...v, search: "" }))}
        />
      )}
    </div>
  );
}

const filters: readonly StatusFilterKey[] = [
  "online",
  "launching",
  "errored",
  "broken",
  "unknown",
  "asleep",
  "stopped",
];

function StatusFilter() {
  const chosen = useStore(view, (v) => v.status);
  const counts = useStore(
    fleet,
    (state) => {
      const all = Object.values(state.apps);
      return { all: all.length, each: filters.map((status) => all.filter((app) => hasStatus(app, status)).length) };
    },
    sameJson,
  );
  const chip = (on: boolean) =>
    `inline-flex h-7 shrink-0 items-center gap-1.5 rounded-full border px-2.5 text-xs whitespace-nowrap ${
      on
        ? "border-accent-text bg-accent-soft text-accent-text font-medium"
        : "border-line bg-surface text-ink-2 hover:bg-hover"
    }`;
  return (
    <div role="group" aria-label="Filter by status" className="flex gap-1.5 overflow-x-auto p-0.5">
      <button
        type="button"
        aria-pressed={chosen === null}
        className={chip(chosen === null)}
        onClick={() => view.update((v) => ({ ...v, status: null }))}
      >
        All <span className="min-w-[2ch] text-right">{counts.all}</span>
      </button>
      {filters.map((status, i) =>
        // That a page is broken is worth a place only when one is.
        status === "broken" && counts.each[i] === 0 && chosen !== status ? null : (
          <button
            key={status}
            type="button"
            aria-pressed={chosen === status}
            data-filter={status}
            className={chip(chosen === status)}
            onClick={() => view.update((v) => ({ ...v, status: v.status === status ? null : status }))}
          >
            <StatusDot status={status} />
            {statusWords[status]} <span className="min-w-[2ch] text-right">{counts.each[i]}</span>
          </button>
        ),
      )}
    </div>
  );
}

const everyCategory = "\u0000all";

function CategoryFilter() {
  const chosen = useStore(view, (v) => v.category);
  const categories = useStore(fleet, categoriesOf, sameJson);
  const label = (key: string) => (key === noCategory ? "No category" : key);
  return (
    <Menu
      align="start"
      trigger={
        <Button size="sm" className="max-w-44" data-testid="category-filter">
          <Tag size={13} aria-hidden />
          <bdi className="truncate">{chosen === null ? "All categories" : label(chosen)}</bdi>
        </Button>
      }
    >
      <MenuChoice
        value={chosen ?? everyCategory}
        options={[
          { value: everyCategory, label: "All categories" },
          ...categories.map((key) => ({ value: key, label: label(key) })),
        ]}
        onChange={(value) => view.update((v) => ({ ...v, category: value === everyCategory ? null : value }))}
      />
    </Menu>
  );
}

const sortWords: readonly { value: SortKey; label: string }[] = [
  { value: "trouble", label: "Wrong first" },
  { value: "createdAt", label: "Newest first" },
  { value: "name", label: "Name" },
  { value: "port", label: "Port" },
  { value: "status", label: "Status" },
  { value: "uptime", label: "Uptime" },
  { value: "memory", label: "Memory" },
  { value: "cpu", label: "CPU" },
];

function SortMenu() {
  const key = useStore(view, (v) => v.sort.key);
  return (
    <Menu
      align="start"
      trigger={
        <Button size="sm">
          <ArrowDownUp size={13} aria-hidden />
          {sortWords.find((one) => one.value === key)?.label}
        </Button>
      }
    >
      <MenuChoice
        value={key}
        options={sortWords}
        onChange={(value) => view.update((v) => ({ ...v, sort: { key: value, descending: usualDirection(value) } }))}
      />
    </Menu>
  );
}

function EverythingMenu() {
  const ids = () => idsIn(fleet.get(), null);
  return (
    <Menu trigger={<IconButton label="Actions for all apps" icon={<Ellipsis size={16} />} data-testid="all-actions" />}>
      <MenuItem icon={<Play size={14} />} onSelect={() => askBulk("restart", ids(), "in all categories", true)}>
        Start or restart all apps…
      </MenuItem>
      <MenuItem
        icon={<Square size={11} fill="currentColor" />}
        onSelect={() => askBulk("stop", ids(), "in all categories", true)}
      >
        Stop all apps…
      </MenuItem>
      <SleepItems category={null} where="in all categories" />
      <MenuSeparator />
      <MenuItem danger icon={<Trash2 size={14} />} onSelect={() => askBulk("delete", ids(), "in all categories", true)}>
        Delete all apps…
      </MenuItem>
    </Menu>
  );
}

/** How the list is laid out. */
function Shape() {
  const { grouped, gallery } = useStore(view, ({ grouped, gallery }) => ({ grouped, gallery }), sameJson);
  return (
    <div className="flex gap-1">
      <IconButton
        label="Group by category"
        aria-pressed={grouped}
        className={grouped ? "bg-accent-soft text-accent-text" : ""}
        icon={<Layers size={15} />}
        onClick={() => view.update((v) => ({ ...v, grouped: !v.grouped }))}
      />
      <IconButton
        label="Gallery"
        hint="Gallery: the running pages"
        aria-pressed={gallery}
        className={gallery ? "bg-accent-soft text-accent-text" : ""}
        icon={<LayoutGrid size={15} />}
        shortcut={hintOf(inList.gallery)}
        data-testid="gallery-switch"
        onClick={() => view.update((v) => ({ ...v, gallery: !v.gallery }))}
      />
    </div>
  );
}

export function Toolbar() {
  return (
    <div role="search" className="flex flex-wrap items-center gap-2 px-4 py-2">
      <SearchBox />
      <div className="flex min-w-0 max-w-full">
        <StatusFilter />
      </div>
      <CategoryFilter />
      <SortMenu />
      <Shape />
      <div className="grow" />
      <EverythingMenu />
    </div>
  );
}
