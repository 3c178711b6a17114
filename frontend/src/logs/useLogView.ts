// Joins store, session and terminal for as long as the panel shows one app.
import { useEffect, useRef, useState, type RefObject } from "react";
import { useMediaQuery } from "@/hooks/useMediaQuery";
import { api, connection, fleet } from "@/services";
import { browserWorld } from "@/state/world";
import { createLogSession } from "./logSession";
import { createLogStore } from "./logStore";
import { LogTerminal } from "./logTerminal";

export function useLogView(id: string): { host: RefObject<HTMLDivElement | null>; terminal: LogTerminal | null } {
  const host = useRef<HTMLDivElement>(null);
  const [terminal, setTerminal] = useState<LogTerminal | null>(null);
  const dark = useMediaQuery("(prefers-color-scheme: dark)");
  const initialDark = useRef(dark);

  useEffect(() => {
    if (host.current === null) return;
    const store = createLogStore();
    const shown = new LogTerminal(host.current, store, initialDark.current);
    const session = createLogSession(id, store, api, browserWorld.after, () =>
      fleet.get().apps[id]?.status === "errored" ? "stderr" : "stdout",
    );
    const unfollow = connection.follow(id, session);
    setTerminal(shown);
    return () => {
      unfollow();
      session.stop();
      shown.dispose();
      setTerminal(null);
    };
  }, [id]);

  useEffect(() => {
    initialDark.current = dark;
    terminal?.setDark(dark);
  }, [dark, terminal]);

  return { host, terminal };
}
