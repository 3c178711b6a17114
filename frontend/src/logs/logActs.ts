// What the keys, buttons and menus of a log do, once.
import { notifier } from "@/services";
import { lineCap } from "./logStore";
import { linkTo, type LinePlace } from "./lineLink";
import { choose, settings } from "./settings";
import type { Logs } from "./useLogs";

async function copied(text: string, title: string, description?: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifier.done(title, description);
  } catch {
    notifier.failed("It could not be copied", "The browser does not allow it. Select lines and copy those.");
  }
}

const matchings = ["all", "only", "but"] as const;
/** So many times older lines are loaded to find one that an address asks for: some 8 MB. */
const mostLoads = 32;

export type LogActs = ReturnType<typeof actsOf>;

export function actsOf({ ids, model, sessions }: Logs) {
  const subject = () => {
    const found = model.subject();
    if (found === null) notifier.warn("No line is chosen", "Click one, or press [ or ].");
    return found;
  };

  async function older(): Promise<void> {
    if (model.log.full()) {
      notifier.warn(
        "Older lines have no room here",
        `This page keeps ${lineCap.toLocaleString("en")} lines; the download is whole.`,
      );
      return;
    }
    const wanted = sessions.filter((session) => session.hasOlder());
    if (wanted.length === 0) {
      notifier.done("Nothing is older", "This is the beginning of the log.");
      return;
    }
    // They come before the first line, so that is where to look.
    model.scrollToTop();
    const answers = await Promise.all(wanted.map((session) => session.older()));
    if (answers.includes("failed"))
      notifier.failed(
        "Older lines could not be loaded",
        "Berth did not answer, or the log was begun anew. The download has what there is.",
      );
  }

  return {
    copyAll: () => copied(model.text(), "The log is copied", "As far as it is shown here; the download is whole."),
    copyLine: () => {
      const found = subject();
      if (found !== null) void copied(found.line.plain, "The line is copied");
    },
    copyLink: () => {
      const found = subject();
      if (found === null) return;
      const link = linkTo(location.origin, ids[found.line.source] ?? "", found.line);
      if (link === null) notifier.warn("There is no link to this line", "Its place in the file is not known.");
      else void copied(link, "The link is copied", "It leads to this line for as long as the log’s file is the same.");
    },
    fold: () => {
      const found = subject();
      if (found !== null) model.toggleFold(found.number);
    },
    older,
    matching: () => {
      const { matching } = model.state.get();
      model.show({ matching: matchings[(matchings.indexOf(matching) + 1) % matchings.length] ?? "all" });
    },
    wrap: () => choose({ wrap: !settings.get().wrap }),
    times: () => choose({ times: !settings.get().times }),
    clear: () => model.setCleared(!model.state.get().cleared),
    since: () => model.show({ sinceStart: !model.state.get().sinceStart }),
    followOrPause: () => (model.state.get().paused === false ? model.pause() : model.follow()),
    find: (direction: "next" | "previous") => model.find(model.state.get().query, direction),
    /** Shows the line that an address asks for, and loads what is older until it is there. */
    goTo: async ({ stream, byte }: LinePlace): Promise<void> => {
      const [session] = sessions;
      for (let loads = 0; loads < mostLoads; loads++) {
        if (model.goTo(stream, byte)) return;
        if (session === undefined || !session.hasOlder() || (await session.older()) === "failed") break;
      }
      if (!model.goTo(stream, byte))
        notifier.warn("The line is not here any more", "The log was begun anew since the link was made.");
    },
  };
}
