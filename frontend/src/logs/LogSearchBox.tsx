import { ChevronDown, ChevronUp, ListFilter, Regex } from "lucide-react";
import type { RefObject } from "react";
import { IconButton } from "@/components/ui/Button";
import { touched, useMediaQuery } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { hintOf, inLines, inLogs } from "@/keymap";
import { logSearchId } from "./ids";
import type { LogActs } from "./logActs";
import type { FindResults } from "./logFinder";
import type { LogModel } from "./logModel";
import type { ModelState } from "./modelState";
import { patternOf, type Query } from "./pattern";

/** "…" while the search is still on its way through the log. */
function countWords(query: Query, results: FindResults | null): string {
  if (query.text === "") return "";
  if (patternOf(query) === null) return "no regex";
  if (results === null) return "";
  const { index, count, complete } = results;
  if (!complete) return count === 0 ? "…" : `${count}…`;
  if (count === 0) return "none";
  return index < 0 ? String(count) : `${index + 1}/${count}`;
}

/** Said when somebody searched or moved on, and not again for every line that the app writes meanwhile. */
function spokenResults(query: Query, results: FindResults | null): string {
  if (query.text === "") return "";
  if (patternOf(query) === null) return "No regular expression";
  if (results === null || !results.complete) return "";
  if (results.count === 0) return "No match";
  return results.index < 0 ? "" : `Match ${results.index + 1}`;
}

const matchingWords: Record<ModelState["matching"], string> = {
  all: "Shown: all lines",
  only: "Shown: only matching lines",
  but: "Shown: all but matching lines",
};

const troubleWords: Record<NonNullable<ModelState["trouble"]>, string> = {
  slow: "This expression takes too long, and was stopped. One that repeats what is repeated, like (a+)+, has no end.",
  failed: "The search could not be started: Berth was stopped or updated. Load the page anew.",
};

const on = "bg-accent-soft text-accent-text";

interface Props {
  model: LogModel;
  acts: LogActs;
  inputRef: RefObject<HTMLInputElement | null>;
}

export function LogSearchBox({ model, acts, inputRef }: Props) {
  const query = useStore(model.state, (s) => s.query);
  const results = useStore(model.state, (s) => s.results);
  const matching = useStore(model.state, (s) => s.matching);
  const trouble = useStore(model.state, (s) => s.trouble);
  const fingers = useMediaQuery(touched);
  const wrong = trouble !== null || (query.text !== "" && patternOf(query) === null);
  return (
    <div
      role="search"
      aria-label="Search in the log"
      className="relative flex min-w-0 items-center gap-0.5 max-sm:w-full"
    >
      <input
        ref={inputRef}
        id={logSearchId}
        type="search"
        aria-label="Search in the log"
        aria-invalid={wrong}
        placeholder={fingers ? "Search" : `Search  ( ${hintOf(inLogs.find) ?? ""} )`}
        value={query.text}
        spellCheck={false}
        autoComplete="off"
        className="h-7 w-32 min-w-0 rounded-md border border-line-strong bg-canvas px-2 text-xs max-sm:grow sm:w-44 aria-invalid:border-errored [&::-webkit-search-cancel-button]:hidden"
        onChange={(event) => model.find({ ...query, text: event.currentTarget.value }, "first")}
        onKeyDown={(event) => {
          if (event.key === "Enter") acts.find(event.shiftKey ? "next" : "previous");
          if (event.key === "Escape" && query.text !== "") {
            event.stopPropagation();
            model.find({ ...query, text: "" }, "first");
          }
        }}
      />
      <IconButton
        label="Regular expression"
        icon={<Regex size={15} />}
        aria-pressed={query.regex}
        className={query.regex ? on : ""}
        onClick={() => model.find({ ...query, regex: !query.regex }, "first")}
      />
      <IconButton
        label={matchingWords[matching]}
        icon={<ListFilter size={15} />}
        data-testid="log-matching"
        shortcut={hintOf(inLines.matching) ?? ""}
        className={matching === "all" ? "" : on}
        onClick={acts.matching}
      />
      <span className="w-16 shrink-0 text-center text-xs text-ink-2" data-testid="log-matches">
        {trouble === null ? countWords(query, results) : trouble === "slow" ? "too slow" : "failed"}
      </span>
      <span role="status" className="sr-only">
        {spokenResults(query, results)}
      </span>
      {trouble !== null && (
        <p
          role="alert"
          data-testid="log-search-trouble"
          className="absolute top-full left-0 z-20 mt-1 w-72 max-w-full rounded-md border border-errored bg-surface px-2.5 py-1.5 text-xs text-errored shadow-pop"
        >
          {troubleWords[trouble]}
        </p>
      )}
      <IconButton
        label="Previous match"
        icon={<ChevronUp size={15} />}
        shortcut="Enter"
        onClick={() => acts.find("previous")}
      />
      <IconButton
        label="Next match"
        icon={<ChevronDown size={15} />}
        shortcut="Shift Enter"
        onClick={() => acts.find("next")}
      />
    </div>
  );
}
