// What happened, as far as this page has it: pages that were asked for, and what came over the socket since. Pure.
import type { Activity, ActivityEntry } from "@/api/types";

export interface Story {
  /** Newest first, each once. */
  entries: readonly ActivityEntry[];
  /** What to ask for what is older; null: there is nothing older. Not known before the first answer. */
  before: number | null;
  loaded: boolean;
}

export const noStory: Story = { entries: [], before: null, loaded: false };

function merged(a: readonly ActivityEntry[], b: readonly ActivityEntry[]): ActivityEntry[] {
  const byId = new Map([...a, ...b].map((entry) => [entry.id, entry]));
  return [...byId.values()].sort((one, other) => other.id - one.id);
}

/** The newest page. What is known already stays, unless something between the two may be missing. */
export function withNewest(story: Story, page: Activity): Story {
  const oldest = page.entries.at(-1)?.id ?? 0;
  const newest = story.entries[0]?.id ?? 0;
  const joins = story.loaded && (page.before === null || newest >= oldest);
  if (!joins) return { entries: page.entries, before: page.before, loaded: true };
  const reachesFurther = page.before === null || oldest < (story.entries.at(-1)?.id ?? Infinity);
  const before = reachesFurther ? page.before : story.before;
  return { entries: merged(story.entries, page.entries), before, loaded: true };
}

export function withOlder(story: Story, page: Activity): Story {
  return { entries: merged(story.entries, page.entries), before: page.before, loaded: true };
}

/** `heard`: what the socket said; of all apps, or of `app`. */
export function withHeard(story: Story, heard: readonly ActivityEntry[], app: string | null): Story {
  const newest = story.entries[0]?.id ?? 0;
  const fresh = heard.filter((entry) => entry.id > newest && (app === null || entry.app === app));
  return !story.loaded || fresh.length === 0 ? story : { ...story, entries: merged(fresh, story.entries) };
}

export interface Day {
  /** Local midnight, ms. */
  start: number;
  entries: ActivityEntry[];
}

export function daysOf(entries: readonly ActivityEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const start = new Date(entry.at).setHours(0, 0, 0, 0);
    const last = days.at(-1);
    if (last?.start === start) last.entries.push(entry);
    else days.push({ start, entries: [entry] });
  }
  return days;
}
