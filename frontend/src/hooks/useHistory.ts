// The last hour of one app, whole at once: what the server remembers, and the page's own samples since.
import { useEffect, useState } from "react";
import type { History } from "@/api/types";
import { api, fleet, metrics } from "@/services";
import { joined } from "@/state/history";
import type { Series } from "@/state/metrics";
import { useStore } from "./useStore";

/** The page's own samples reach back ten minutes. */
const renewMs = 5 * 60_000;

export function useHistory(id: string): { series: Series; version: number } {
  const version = useStore(metrics.version, (n) => n);
  const live = useStore(fleet, (state) => state.connection.state === "live");
  const [known, setKnown] = useState<{ id: string; history: History } | null>(null);
  useEffect(() => {
    let here = true;
    const ask = () =>
      void api.history(id).then((answer) => {
        if (here && answer.ok) setKnown({ id, history: answer.value });
      });
    ask();
    const timer = window.setInterval(ask, renewMs);
    return () => {
      here = false;
      window.clearInterval(timer);
    };
  }, [id, live]);
  const history = known?.id === id ? known.history : null;
  const seen = metrics.series(id);
  const now = Math.max(history?.at.at(-1) ?? 0, seen.time.at(-1) ?? 0);
  return { series: joined(history, seen, now), version };
}
