// Joins the store, the apps' sessions and the model for as long as a view shows these apps.
import { useEffect, useState } from "react";
import { sameJson, useStore } from "@/hooks/useStore";
import { api, connection, fleet } from "@/services";
import { createStore } from "@/state/store";
import { browserWorld } from "@/state/world";
import { LogModel } from "./logModel";
import { createLogSession, type LogSession } from "./logSession";
import { createLogStore } from "./logStore";

export interface Logs {
  ids: readonly string[];
  model: LogModel;
  sessions: readonly LogSession[];
}

function open(ids: readonly string[]): { logs: Logs; close: () => void } {
  const store = createLogStore();
  const sessions = ids.map((id, i) =>
    createLogSession(id, store.source(i), {
      api,
      after: browserWorld.after,
      now: () => browserWorld.now(),
      foremost: () => (fleet.get().apps[id]?.status === "errored" ? "stderr" : "stdout"),
    }),
  );
  const unfollows = sessions.map((session, i) => connection.follow(ids[i] ?? "", session));
  const model = new LogModel(store, ids.length);
  const close = () => {
    for (const unfollow of unfollows) unfollow();
    for (const session of sessions) session.stop();
    model.dispose();
  };
  return { logs: { ids, model, sessions }, close };
}

export function useLogs(ids: readonly string[]): Logs | null {
  const key = ids.join(" ");
  const [opened] = useState(() => createStore<Logs | null>(null));
  const logs = useStore(opened, (one) => one);
  useEffect(() => {
    const { logs: made, close } = open(key === "" ? [] : key.split(" "));
    opened.update(() => made);
    return () => {
      close();
      opened.update(() => null);
    };
  }, [key, opened]);

  const starts = useStore(fleet, (state) => (logs?.ids ?? []).map((id) => state.apps[id]?.startedAt ?? null), sameJson);
  useEffect(() => {
    for (const [i, at] of starts.entries()) if (at !== null) logs?.sessions[i]?.started(at);
  }, [logs, starts]);
  return logs;
}
