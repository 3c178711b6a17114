// What is wrong with an app, how bad that is, and the words for it. Pure.
import type { App, PageIssue } from "@/api/types";
import type { Fleet } from "./fleet";

/** The worst first. lost: pm2 does not know it, or does not answer. */
export const troubles = ["crashed", "broken", "lost"] as const;
export type Trouble = (typeof troubles)[number];

export function isBroken(app: Pick<App, "status" | "page">): boolean {
  return app.status === "online" && app.page?.state === "broken";
}

export function troubleOf(app: Pick<App, "status" | "page">): Trouble | null {
  if (app.status === "errored") return "crashed";
  if (isBroken(app)) return "broken";
  return app.status === "unknown" ? "lost" : null;
}

/** A crash and a broken page weigh the same: nobody can use either. */
export function troubleRank(app: Pick<App, "status" | "page">): number {
  const trouble = troubleOf(app);
  return trouble === null ? 2 : trouble === "lost" ? 1 : 0;
}

const longestFile = 32; // characters: more, and a row has no room for what is wrong

/** The end of a path tells files apart: "…/checkout/page.tsx". */
export function shortFile(file: string): string {
  if (file.length <= longestFile) return file;
  const parts = file.split("/");
  let end = parts.pop() ?? file;
  for (let next = parts.pop(); next !== undefined; next = parts.pop()) {
    if (end.length + next.length + 3 > longestFile) break;
    end = `${next}/${end}`;
  }
  return `…/${end}`;
}

/** "src/app/page.tsx:70:18", as far as it is known; blank if nothing is. */
export function positionOf({ file, line, column }: PageIssue): string {
  if (file === null) return "";
  return [file, line, line === null ? null : column].filter((part) => part !== null).join(":");
}

/** One line for a list: what is not as it should be, or null. */
export function wordsOf(app: Pick<App, "status" | "page" | "statusReason">): string | null {
  if (!isBroken(app) || app.page === null) return app.statusReason;
  const { first, errors } = app.page;
  if (first === null) return "Page broken";
  const position = first.file === null ? "" : `${shortFile(first.file)}${first.line === null ? "" : `:${first.line}`} `;
  return `Page broken: ${position}${first.title}${errors > 1 ? ` (and ${errors - 1} more)` : ""}`;
}

/** The worst of all apps, and how many have any trouble. */
export function worstOf({ apps }: Pick<Fleet, "apps">): { worst: Trouble | null; count: number } {
  const all = Object.values(apps).flatMap((app) => troubleOf(app) ?? []);
  return { worst: troubles.find((one) => all.includes(one)) ?? null, count: all.length };
}
