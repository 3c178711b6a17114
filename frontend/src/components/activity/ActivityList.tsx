// What happened, newest first, by day; of one app or of all. What is older comes when it is asked for.
import {
  AlarmClock,
  CircleAlert,
  CircleCheck,
  FolderOpen,
  Moon,
  Pencil,
  Plus,
  RotateCw,
  Server,
  Square,
  Trash2,
  Unplug,
  type LucideIcon,
} from "lucide-react";
import type { ActivityEntry } from "@/api/types";
import { Link } from "@/components/Link";
import { Button } from "@/components/ui/Button";
import { clock } from "@/format";
import { useStore } from "@/hooks/useStore";
import { useStory } from "@/hooks/useStory";
import { fleet } from "@/services";
import { daysOf } from "@/state/activity";

const looks: Record<string, { icon: LucideIcon; className: string }> = {
  created: { icon: Plus, className: "text-accent-text" },
  adopted: { icon: FolderOpen, className: "text-accent-text" },
  online: { icon: CircleCheck, className: "text-online" },
  crashed: { icon: CircleAlert, className: "text-errored" },
  stopped: { icon: Square, className: "text-ink-3" },
  restarted: { icon: RotateCw, className: "text-ink-3" },
  slept: { icon: Moon, className: "text-asleep" },
  woke: { icon: AlarmClock, className: "text-ink-3" },
  page_broken: { icon: CircleAlert, className: "text-errored" },
  page_mended: { icon: CircleCheck, className: "text-online" },
  edited: { icon: Pencil, className: "text-ink-3" },
  deleted: { icon: Trash2, className: "text-ink-3" },
  pm2_lost: { icon: Unplug, className: "text-unknown" },
};
/** More kinds may come; their sentence says what they are. */
const other = { icon: Server, className: "text-ink-3" };

function AppOf({ entry }: { entry: ActivityEntry }) {
  const here = useStore(fleet, (state) => entry.app !== null && entry.app in state.apps);
  if (entry.app === null || entry.name === null) return <span className="text-ink-3">Berth</span>;
  if (!here) return <bdi className="truncate text-ink-2">{entry.name}</bdi>;
  return (
    <Link
      to={{ page: "app", id: entry.app, tab: "overview" }}
      className="truncate rounded font-medium underline-offset-3 hover:text-accent-text hover:underline"
    >
      <bdi>{entry.name}</bdi>
    </Link>
  );
}

function Entry({ entry, named }: { entry: ActivityEntry; named: boolean }) {
  const { icon: Icon, className } = looks[entry.kind] ?? other;
  const at = new Date(entry.at);
  return (
    <li
      data-testid="activity-entry"
      data-kind={entry.kind}
      className="flex flex-wrap items-baseline gap-x-3 border-b border-line py-1.5 last:border-0"
    >
      <time dateTime={at.toISOString()} title={at.toLocaleString()} className="w-16 shrink-0 text-xs text-ink-3">
        {clock(entry.at)}
      </time>
      <Icon size={14} aria-hidden className={`shrink-0 translate-y-0.5 ${className}`} />
      {named && (
        <span className="flex w-40 shrink-0">
          <AppOf entry={entry} />
        </span>
      )}
      <span className="min-w-0 grow basis-48 break-words">{entry.text}</span>
    </li>
  );
}

function dayName(start: number): string {
  const today = new Date().setHours(0, 0, 0, 0);
  if (start === today) return "Today";
  if (start === new Date(today - 1).setHours(0, 0, 0, 0)) return "Yesterday";
  return new Date(start).toLocaleDateString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
}

/** `most`: only the last few, without days. `quiet`: nothing at all where nothing is remembered. */
export function ActivityList({ app, most, quiet = false }: { app: string | null; most?: number; quiet?: boolean }) {
  const { story, problem, asking, older } = useStory(app);
  const named = app === null;
  if (problem !== null && !story.loaded) {
    return quiet ? null : <p className="text-ink-2">What happened could not be read: {problem.detail}</p>;
  }
  if (!story.loaded) return quiet ? null : <p className="text-ink-3">Asking Berth…</p>;
  if (story.entries.length === 0) return quiet ? null : <p className="text-ink-2">Nothing is remembered yet.</p>;
  if (most !== undefined) {
    return (
      <ul className="-my-1.5">
        {story.entries.slice(0, most).map((entry) => (
          <Entry key={entry.id} entry={entry} named={named} />
        ))}
      </ul>
    );
  }
  return (
    <div className="flex flex-col gap-5" data-testid="activity">
      {daysOf(story.entries).map(({ start, entries }) => (
        <section key={start} aria-label={dayName(start)}>
          <h3 className="mb-1 text-xs font-medium text-ink-3">{dayName(start)}</h3>
          <ul className="rounded-lg border border-line bg-surface px-4">
            {entries.map((entry) => (
              <Entry key={entry.id} entry={entry} named={named} />
            ))}
          </ul>
        </section>
      ))}
      {story.before === null ? (
        <p className="text-center text-xs text-ink-3">Nothing older is remembered.</p>
      ) : (
        <Button className="self-center" disabled={asking} onClick={older}>
          Show older
        </Button>
      )}
      {problem !== null && (
        <p role="alert" className="text-center text-errored">
          {problem.detail}
        </p>
      )}
    </div>
  );
}
