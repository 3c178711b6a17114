// Why the app is as it is: in a sentence, with the error that its page shows, its last words, and what to do next.
import { CircleAlert, CircleCheck, CircleHelp, Moon } from "lucide-react";
import { useEffect, useState } from "react";
import type { App, PageIssue, Problem, Why as Answer } from "@/api/types";
import { ago } from "@/format";
import { useNow } from "@/hooks/useNow";
import { useStore } from "@/hooks/useStore";
import { api, fleet } from "@/services";
import { isAsleep } from "@/state/sleep";
import { isBroken, positionOf, troubleOf, wordsOf, type Trouble } from "@/state/trouble";
import { EditorLink } from "./Editor";

interface Known {
  answer: Answer | null;
  problem: Problem | null;
}

/** Asked again whenever something changed that the answer depends on; the last question counts. */
function useWhy(app: App): Known {
  const [known, setKnown] = useState<Known>({ answer: null, problem: null });
  const live = useStore(fleet, (state) => state.connection.state === "live");
  const about = JSON.stringify([
    app.status,
    app.asleep,
    app.statusReason,
    app.page,
    app.operation,
    app.pid,
    app.startedAt,
  ]);
  const going = app.operation === "deleting";
  useEffect(() => {
    if (going) return; // It may be gone before the question arrives.
    let here = true;
    void api.why(app.id).then((answer) => {
      if (!here) return;
      if (answer.ok) setKnown({ answer: answer.value, problem: null });
      else setKnown({ answer: null, problem: answer.problem });
    });
    return () => {
      here = false;
    };
  }, [app.id, about, live, going]);
  return known;
}

const block =
  "max-h-80 overflow-auto rounded-md border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 whitespace-pre";

/** Scrolls sideways, so it can be reached with the keyboard too. */
function Text({ label, children }: { label: string; children: string }) {
  return (
    <pre tabIndex={0} role="region" aria-label={label} className={block}>
      {children}
    </pre>
  );
}

function Issue({ app, issue }: { app: App; issue: PageIssue }) {
  const position = positionOf(issue);
  return (
    <div className="flex min-w-0 flex-col gap-2" data-testid="page-issue">
      <p className="break-words">
        {position !== "" && (
          <>
            <EditorLink app={app} issue={issue}>
              {position}
            </EditorLink>{" "}
          </>
        )}
        <span className="font-medium">{issue.title}</span>
      </p>
      {issue.frame !== null && <Text label="The lines around the error">{issue.frame}</Text>}
    </div>
  );
}

function Checked({ at }: { at: string }) {
  const now = useNow();
  return <p className="text-xs text-ink-3">Checked {ago(Math.max(0, now - Date.parse(at)))}.</p>;
}

/** What the list says of it too, where the server could not be asked. */
function sentenceOf(app: App, { answer, problem }: Known): string {
  if (answer !== null && answer.status === app.status) return answer.sentence;
  return wordsOf(app) ?? (problem === null ? "…" : "Nothing is known to be wrong with it.");
}

/** What is in backticks is to be typed. */
function Hint({ text }: { text: string }) {
  return text.split("`").map((part, i) =>
    i % 2 === 0 ? (
      part
    ) : (
      <code key={i} className="font-mono text-xs">
        {part}
      </code>
    ),
  );
}

const bad = { tone: "border-errored-dot", Icon: CircleAlert, colour: "text-errored" };
const looks: Record<Trouble | "asleep" | "well", typeof bad> = {
  crashed: bad,
  broken: bad,
  lost: { tone: "border-unknown-dot", Icon: CircleHelp, colour: "text-unknown" },
  asleep: { tone: "border-line", Icon: Moon, colour: "text-asleep" },
  well: { tone: "border-line", Icon: CircleCheck, colour: "text-ink-3" },
};

export function Why({ app }: { app: App }) {
  const known = useWhy(app);
  const trouble = troubleOf(app);
  const page = app.page;
  const sentence = sentenceOf(app, known);
  const { tone, Icon, colour } = looks[trouble ?? (isAsleep(app) ? "asleep" : "well")];
  const { lastWords = [], hints = [] } = known.answer ?? {};
  return (
    <section
      aria-label="Why"
      data-testid="why"
      className={`flex flex-col gap-3 rounded-lg border bg-surface p-4 ${tone}`}
    >
      <div className="flex gap-2.5">
        <Icon size={17} aria-hidden className={`mt-px shrink-0 ${colour}`} />
        <p className={`min-w-0 font-medium break-words ${trouble === null ? "" : colour}`}>{sentence}</p>
      </div>
      {isBroken(app) && page?.first != null && <Issue app={app} issue={page.first} />}
      {isBroken(app) && page !== null && page.errors > 1 && <p className="text-ink-2">And {page.errors - 1} more.</p>}
      {page?.state === "unchecked" && page.reason !== null && !sentence.includes(page.reason) && (
        <p className="text-ink-2">{page.reason}</p>
      )}
      {hints.length > 0 && (
        <ul className="list-disc pl-5 text-ink-2" data-testid="hints">
          {hints.map((hint) => (
            <li key={hint} className="break-words">
              <Hint text={hint} />
            </li>
          ))}
        </ul>
      )}
      {lastWords.length > 0 && (
        <div className="flex flex-col gap-1" data-testid="last-words">
          <h3 className="text-xs font-medium text-ink-3">Its last words</h3>
          <Text label="Its last words">{lastWords.join("\n")}</Text>
        </div>
      )}
      {page !== null && page.checkedAt !== null && <Checked at={page.checkedAt} />}
      {known.problem !== null && known.problem.code !== "unreachable" && (
        <p className="text-xs text-ink-3">More could not be asked: {known.problem.detail}</p>
      )}
    </section>
  );
}
