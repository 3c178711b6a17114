import { ArrowDownToLine, ChevronDown, ChevronUp, Copy, FileDown, Pause, Play, X } from "lucide-react";
import { useState, type RefObject } from "react";
import { logDownloadUrl } from "@/api/client";
import type { App } from "@/api/types";
import { StatusBadge } from "@/components/list/StatusBadge";
import { Button, IconButton } from "@/components/ui/Button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/Menu";
import { useApp } from "@/hooks/useApp";
import { touched, useMediaQuery } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { hintOf, inLogs } from "@/keymap";
import { fleet, notifier } from "@/services";
import { logFollowId, logSearchId } from "./ids";
import type { FindResults } from "./logFinder";
import type { StreamFilter } from "./logLayout";
import type { LogTerminal } from "./logTerminal";

const filters: readonly { value: StreamFilter; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "stdout", label: "stdout" },
  { value: "stderr", label: "stderr" },
];

function Streams({ terminal }: { terminal: LogTerminal | null }) {
  const [filter, setFilter] = useState<StreamFilter>("both");
  return (
    <div role="group" aria-label="Streams" className="flex rounded-md border border-line-strong p-px">
      {filters.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={filter === value}
          className="h-6 rounded px-2 text-xs text-ink-2 hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-text"
          onClick={() => {
            setFilter(value);
            terminal?.setFilter(value);
          }}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** "…" while the search is still on its way through the log. */
function countWords(results: FindResults | null): string {
  if (results === null) return "";
  const { index, count, complete } = results;
  if (!complete) return count === 0 ? "…" : `${count}…`;
  if (count === 0) return "none";
  return index < 0 ? String(count) : `${index + 1}/${count}`;
}

/** Said when somebody searched or moved on, and not again for every line that the app writes meanwhile. */
function spokenResults(results: FindResults | null): string {
  if (results === null || !results.complete) return "";
  if (results.count === 0) return "No match";
  return results.index < 0 ? "" : `Match ${results.index + 1}`;
}

function Search({ terminal, inputRef }: { terminal: LogTerminal; inputRef: RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useState("");
  const results = useStore(terminal.state, (s) => s.results);
  const fingers = useMediaQuery(touched);
  return (
    <div role="search" aria-label="Search in the log" className="flex min-w-0 items-center gap-0.5 max-sm:w-full">
      <input
        ref={inputRef}
        id={logSearchId}
        type="search"
        aria-label="Search in the log"
        placeholder={fingers ? "Search" : `Search  ( ${hintOf(inLogs.find) ?? ""} )`}
        value={text}
        spellCheck={false}
        autoComplete="off"
        className="h-7 w-32 min-w-0 max-sm:grow rounded-md border border-line-strong bg-canvas px-2 text-xs sm:w-44 [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => {
          setText(event.currentTarget.value);
          terminal.find(event.currentTarget.value, "first");
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") terminal.find(text, event.shiftKey ? "next" : "previous");
          if (event.key === "Escape" && text !== "") {
            event.stopPropagation();
            setText("");
            terminal.find("", "first");
          }
        }}
      />
      <span className="w-16 text-center text-xs text-ink-2" data-testid="log-matches">
        {text === "" ? "" : countWords(results)}
      </span>
      <span role="status" className="sr-only">
        {text === "" ? "" : spokenResults(results)}
      </span>
      <IconButton
        label="Previous match"
        icon={<ChevronUp size={15} />}
        shortcut="Enter"
        onClick={() => terminal.find(text, "previous")}
      />
      <IconButton
        label="Next match"
        icon={<ChevronDown size={15} />}
        shortcut="Shift Enter"
        onClick={() => terminal.find(text, "next")}
      />
    </div>
  );
}

function FollowButton({ terminal }: { terminal: LogTerminal }) {
  const paused = useStore(terminal.state, (s) => s.paused !== false);
  return (
    <Button
      id={logFollowId}
      size="sm"
      className="w-[84px]"
      data-testid="log-follow"
      data-paused={paused}
      onClick={() => (paused ? terminal.follow() : terminal.pause())}
    >
      {paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
      {paused ? "Follow" : "Pause"}
    </Button>
  );
}

function download(url: string) {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

async function copy(text: string) {
  try {
    await navigator.clipboard.writeText(text);
    notifier.done("The log is copied", "As far as this page has it; the download is whole.");
  } catch {
    notifier.failed("The log could not be copied", "The browser does not allow it. Select lines and copy those.");
  }
}

interface Props {
  app: App;
  terminal: LogTerminal | null;
  searchRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}

export function LogToolbar({ app, terminal, searchRef, onClose }: Props) {
  const { busy } = useApp(app.id);
  const live = useStore(fleet, (state) => state.connection.state);
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5">
      <h2 className="min-w-0 max-w-[min(16rem,45%)] truncate font-semibold" title={app.name}>
        <span className="sr-only">Logs of </span>
        <bdi>{app.name}</bdi>
      </h2>
      <StatusBadge status={app.status} busy={busy} />
      {live === "polling" && <span className="text-xs text-launching">read every 3 s</span>}
      {live === "offline" && <span className="text-xs text-errored">no new lines: Berth does not answer</span>}
      <div className="grow" />
      {/* On a narrow screen the tools go to a second line, and closing stays in the corner. */}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 max-wide:order-1 max-wide:w-full">
        {terminal !== null && <Search terminal={terminal} inputRef={searchRef} />}
        <Streams terminal={terminal} />
        {terminal !== null && <FollowButton terminal={terminal} />}
      </div>
      <Menu
        trigger={
          <IconButton label="Download or copy" icon={<ArrowDownToLine size={15} />} data-testid="log-download" />
        }
      >
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(logDownloadUrl(app.id, "stdout"))}>
          Whole stdout
        </MenuItem>
        <MenuItem icon={<FileDown size={14} />} onSelect={() => download(logDownloadUrl(app.id, "stderr"))}>
          Whole stderr
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={<Copy size={14} />}
          disabled={terminal === null}
          onSelect={() => terminal !== null && void copy(terminal.text())}
        >
          Copy all lines shown here
        </MenuItem>
      </Menu>
      <IconButton label="Close the logs" hint="Close" icon={<X size={16} />} shortcut="Esc" onClick={onClose} />
    </div>
  );
}
