// What is worth a notification: what happened between two moments of the fleet. Pure.
import type { Fleet } from "./fleet";
import { isBroken, wordsOf } from "./trouble";

export interface News {
  /** The app that it is about; null where there is none (yet). */
  app: string | null;
  title: string;
  body: string;
}

/** Nothing is news about a fleet that was not known before. */
export function newsOf(before: Fleet, after: Fleet): News[] {
  if (!before.loaded || before === after) return [];
  const news: News[] = [];
  if (before.apps !== after.apps) {
    for (const app of Object.values(after.apps)) {
      const was = before.apps[app.id];
      if (was === undefined || was === app) continue;
      const body = wordsOf(app) ?? "";
      if (app.status === "errored" && was.status !== "errored")
        news.push({ app: app.id, title: `${app.name} crashed`, body });
      if (isBroken(app) && !isBroken(was)) news.push({ app: app.id, title: `${app.name}: its page is broken`, body });
    }
  }
  if (before.ended === after.ended) return news;
  for (const operation of after.ended) {
    const { id, kind, name, phase, port } = operation;
    if (kind !== "create" || before.ended.includes(operation)) continue;
    if (phase === "done")
      news.push({ app: id, title: `${name} is created`, body: port === null ? "" : `On port ${port}.` });
    if (phase === "failed") {
      news.push({ app: null, title: `${name} could not be created`, body: operation.error?.detail ?? "" });
    }
  }
  return news;
}
