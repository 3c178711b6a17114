// What happened, of all apps or of one: the newest page when it is first looked at and again after the socket was away,
// older ones on demand, and what the socket says meanwhile. It is kept while the page lives, so that who comes back
// finds it as it was.
import { useCallback, useEffect, useState } from "react";
import type { Problem } from "@/api/types";
import { api, fleet } from "@/services";
import { noStory, withHeard, withNewest, withOlder, type Story } from "@/state/activity";
import { createStore, type Store } from "@/state/store";
import { useStore } from "./useStore";

const pageSize = 100;
/** The server gives no more at once. */
const mostAtOnce = 500;
const countKey = (app: string | null) => `berth.activity.${app ?? ""}`;

const stories = new Map<string | null, Store<Story>>();

function storyOf(app: string | null): Store<Story> {
  let story = stories.get(app);
  if (story === undefined) stories.set(app, (story = createStore(noStory)));
  return story;
}

/** How many were shown before a reload: as many are asked for again, so that the page is as long as it was. */
function countBefore(app: string | null): number {
  try {
    return Number(sessionStorage.getItem(countKey(app)) ?? 0);
  } catch {
    return 0;
  }
}

function keepCount(app: string | null, count: number) {
  try {
    sessionStorage.setItem(countKey(app), String(count));
  } catch {
    // Without a storage a reload shows the newest page.
  }
}

interface Telling {
  story: Story;
  /** Why the last question was not answered, or null. */
  problem: Problem | null;
  /** Asking for older ones now. */
  asking: boolean;
  older: () => void;
}

/** `least`: how many are wanted at first. */
export function useStory(app: string | null, least = pageSize): Telling {
  const store = storyOf(app);
  const story = useStore(store, (one) => one);
  const live = useStore(fleet, (state) => state.connection.state === "live");
  const heard = useStore(fleet, (state) => state.activity);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState(false);

  useEffect(() => {
    let here = true;
    const limit = least < pageSize ? least : Math.min(mostAtOnce, Math.max(pageSize, countBefore(app)));
    void api.activity({ ...(app !== null && { app }), limit }).then((answer) => {
      if (!here) return;
      setProblem(answer.ok ? null : answer.problem);
      if (!answer.ok) return;
      store.update((before) => withHeard(withNewest(before, answer.value), fleet.get().activity, app));
    });
    return () => {
      here = false;
    };
  }, [store, app, least, live]);
  useEffect(() => store.update((before) => withHeard(before, heard, app)), [store, app, heard]);
  useEffect(() => {
    if (least >= pageSize && story.loaded) keepCount(app, story.entries.length);
  }, [app, least, story]);

  const { before } = story;
  const older = useCallback(() => {
    if (before === null) return;
    setAsking(true);
    void api.activity({ ...(app !== null && { app }), before, limit: pageSize }).then((answer) => {
      setAsking(false);
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) store.update((now) => withOlder(now, answer.value));
    });
  }, [app, before, store]);

  return { story, problem, asking, older };
}
