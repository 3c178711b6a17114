import { CircleAlert, Pause, Play, TriangleAlert, X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Button, IconButton } from "@/components/ui/Button";
import { plural } from "@/format";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { logFollowId } from "./ids";
import type { LogActs } from "./logActs";
import type { StreamFilter } from "./logLayout";
import { ShowMenu, TakeMenu } from "./LogMenus";
import type { LogModel } from "./logModel";
import { LogSearchBox } from "./LogSearchBox";
import type { Logs } from "./useLogs";

const filters: readonly { value: StreamFilter; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "stdout", label: "stdout" },
  { value: "stderr", label: "stderr" },
];

function Streams({ model }: { model: LogModel }) {
  const stream = useStore(model.state, (s) => s.stream);
  return (
    <div role="group" aria-label="Streams" className="flex rounded-md border border-line-strong p-px">
      {filters.map(({ value, label }) => (
        <button
          key={value}
          type="button"
          aria-pressed={stream === value}
          className="h-6 rounded px-2 text-xs text-ink-2 hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-text"
          onClick={() => model.show({ stream: value })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

/** How many lines tell of trouble; pressed, it shows those alone. */
function Troubles({ model }: { model: LogModel }) {
  const counts = useStore(model.state, (s) => s.counts);
  const level = useStore(model.state, (s) => s.level);
  const chips = [
    { of: "error", word: "error", icon: CircleAlert, tone: "text-errored" },
    { of: "warn", word: "warning", icon: TriangleAlert, tone: "text-launching" },
  ] as const;
  return chips.map(({ of, word, icon: Icon, tone }) =>
    counts[of] === 0 && level !== of ? null : (
      <button
        key={of}
        type="button"
        aria-pressed={level === of}
        title={`Of the lines that are here. Show only these`}
        data-testid={`log-count-${of}`}
        className={`inline-flex h-6 items-center gap-1 rounded-full border border-line px-2 text-xs whitespace-nowrap hover:bg-hover aria-pressed:border-accent-text aria-pressed:bg-accent-soft ${tone}`}
        onClick={() => model.show({ level: level === of ? null : of })}
      >
        <Icon size={12} aria-hidden />
        {plural(counts[of], word)}
      </button>
    ),
  );
}

function FollowButton({ model, acts }: { model: LogModel; acts: LogActs }) {
  const paused = useStore(model.state, (s) => s.paused !== false);
  return (
    <Button
      id={logFollowId}
      size="sm"
      className="w-[84px]"
      data-testid="log-follow"
      data-paused={paused}
      onClick={acts.followOrPause}
    >
      {paused ? <Play size={13} aria-hidden /> : <Pause size={13} aria-hidden />}
      {paused ? "Follow" : "Pause"}
    </Button>
  );
}

interface Props {
  ids: readonly string[];
  head?: ReactNode;
  logs: Logs | null;
  acts: LogActs | null;
  searchRef: RefObject<HTMLInputElement | null>;
  onClose?: () => void;
}

export function LogToolbar({ ids, head, logs, acts, searchRef, onClose }: Props) {
  const live = useStore(fleet, (state) => state.connection.state);
  const model = logs?.model ?? null;
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5">
      {head}
      {live === "polling" && <span className="text-xs text-launching">read every 3 s</span>}
      {live === "offline" && <span className="text-xs text-errored">no new lines: Berth does not answer</span>}
      {model !== null && (
        <div className="flex gap-1.5 empty:hidden max-wide:order-2">
          <Troubles model={model} />
        </div>
      )}
      <div className="grow" />
      {/* On a narrow screen the tools go to a second line, and closing stays in the corner. */}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 max-wide:order-1 max-wide:w-full">
        {model !== null && acts !== null && <LogSearchBox model={model} acts={acts} inputRef={searchRef} />}
        {model !== null && <Streams model={model} />}
        {model !== null && acts !== null && <FollowButton model={model} acts={acts} />}
      </div>
      <div className="flex items-center">
        {model !== null && acts !== null && <ShowMenu model={model} acts={acts} />}
        <TakeMenu ids={ids} acts={acts} />
        {onClose !== undefined && (
          <IconButton label="Close the logs" hint="Close" icon={<X size={16} />} shortcut="Esc" onClick={onClose} />
        )}
      </div>
    </div>
  );
}
