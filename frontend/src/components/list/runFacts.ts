// What is known of an app's runs, as an expanded row and its page tell it.
import type { App } from "@/api/types";
import type { Fact } from "@/components/ui/Facts";
import { megabytes } from "@/format";
import { isAsleep } from "@/state/sleep";

function lastExit({ exitSignal, exitCode }: App): string {
  if (exitSignal !== null) return `signal ${exitSignal}`;
  return exitCode === null ? "none" : `code ${exitCode}`;
}

export const runFacts = (app: App): Fact[] => [
  ["Created", new Date(app.createdAt).toLocaleString()],
  ["Process", app.pid > 0 ? `pid ${app.pid}` : isAsleep(app) ? "none: it sleeps" : "not running"],
  ["pm2", app.pmId === null ? "no record" : `id ${app.pmId}, wrapper ${megabytes(app.wrapperMemoryMB)}`],
  ["Restarts", app.restarts],
  ["Last exit", lastExit(app)],
  ["Wanted", app.intent === "stop" ? "to be stopped" : isAsleep(app) ? "to run when it is opened" : "to run"],
];
