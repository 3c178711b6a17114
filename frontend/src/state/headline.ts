// The tab's title and icon: what is worst, and where the page is. Pure.
import type { Fleet } from "./fleet";
import { isAsleep } from "./sleep";
import { troubleOf, worstOf, type Trouble } from "./trouble";
import type { Place } from "./view";

type Known = Pick<Fleet, "apps" | "loaded">;

const words: Record<Trouble, string> = { crashed: "crashed", broken: "page broken", lost: "unknown" };
const tabs = { overview: "", logs: "Logs of ", activity: "Activity of " } as const;

function nameOf(place: Place, { apps, loaded }: Known): string {
  switch (place.page) {
    case "list":
      return "Apps";
    case "activity":
      return "Activity";
    case "templates":
      return "Templates";
    case "logs":
      return "Logs";
    case "nowhere":
      return "Nothing here";
    case "app": {
      const app = apps[place.id];
      if (app === undefined) return loaded ? "No such app" : "App";
      const trouble = troubleOf(app);
      const how = trouble === null ? isAsleep(app) && "asleep" : words[trouble];
      return `${tabs[place.tab]}${app.name}${how === false ? "" : `: ${how}`}`;
    }
  }
}

/** "(2) Apps · Berth": two apps have trouble. */
export function titleOf(place: Place, fleet: Known): string {
  const { count } = worstOf(fleet);
  return `${count > 0 ? `(${count}) ` : ""}${nameOf(place, fleet)} · Berth`;
}

export function iconOf(fleet: Pick<Fleet, "apps" | "connection">): string {
  if (fleet.connection.state === "offline") return "/favicon-away.svg";
  const { worst } = worstOf(fleet);
  if (worst === null) return "/favicon.svg";
  return worst === "lost" ? "/favicon-warning.svg" : "/favicon-trouble.svg";
}
