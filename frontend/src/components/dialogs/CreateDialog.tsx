// Creating an app: a short form, then the progress live. It may be closed at any time; the create goes on and its row in
// the list goes on showing it.
import { useEffect, useId, useRef, useState, type SyntheticEvent } from "react";
import type { Problem } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useStore } from "@/hooks/useStore";
import { actions, fleet, view } from "@/services";
import type { DialogState } from "@/state/view";
import { emptyDraft, missingIn, wantedOf, type Draft } from "@/state/draft";
import { CategoryField } from "./CategoryField";
import { CreateProgress } from "./CreateProgress";
import { field, Field } from "./Field";
import { OriginFields } from "./OriginFields";

const longestNotes = 2_000; // characters, as the server has it

function close() {
  view.update((v) => (v.dialog?.kind === "create" ? { ...v, dialog: null } : v));
}

type Asked = Extract<DialogState, { kind: "create" }>;

/** What was clicked says where the app is to come from. */
function draftFor({ fork, origin = "next", template = "" }: Asked): Draft {
  if (fork !== undefined) return { ...emptyDraft, origin: "fork", from: fork };
  return { ...emptyDraft, origin, template };
}

export function CreateDialog({ asked }: { asked: Asked }) {
  const [draft, setDraft] = useState<Draft>(() => draftFor(asked));
  /** What this create is called, once it is asked for: its operation carries it, and no other does. */
  const [request, setRequest] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const operation = useStore(fleet, ({ operations, ended }) =>
    request === null ? undefined : [...operations, ...ended].find((one) => one.request === request),
  );
  const mounted = useRef(true);
  const ids = { name: useId(), notes: useId() };
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const adopts = draft.origin === "folder";
  const missing = missingIn(draft);

  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  async function submit(takeOver: boolean) {
    setProblem(null);
    const mine = crypto.randomUUID();
    setRequest(mine);
    const result = await actions.create(wantedOf(draft, mine, takeOver), () => mounted.current);
    if (!mounted.current) return;
    if (result.ok || result.problem.code === "cancelled") {
      close();
      return;
    }
    setRequest(null);
    setProblem(result.problem);
  }

  if (request !== null) return <CreateProgress origin={draft.origin} operation={operation} onClose={close} />;
  return (
    <Dialog
      title="Create app"
      description="With a port of its own, started as soon as it is ready."
      onClose={close}
      testId="create-dialog"
    >
      <form
        className="flex flex-col gap-4 overflow-y-auto px-5 pt-3 pb-5"
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          if (missing === null) void submit(false);
        }}
      >
        <Field
          id={ids.name}
          label="Name"
          optional
          hint={adopts ? "Left blank, it is the folder’s." : "Left blank, Berth makes one up, such as quiet-harbour."}
        >
          <input
            id={ids.name}
            autoFocus
            className={field}
            value={draft.name}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={`${ids.name}-hint`}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
        </Field>
        <OriginFields draft={draft} set={set} />
        <CategoryField value={draft.category} onChange={(category) => set({ category })} />
        <Field id={ids.notes} label="Notes" optional>
          <textarea
            id={ids.notes}
            rows={2}
            className={`${field} h-auto resize-y py-2`}
            value={draft.notes}
            maxLength={longestNotes}
            onChange={(event) => set({ notes: event.currentTarget.value })}
          />
        </Field>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.lan}
            onChange={(event) => set({ lan: event.currentTarget.checked })}
          />
          Other machines may reach it, a phone for example
        </label>
        {problem !== null && (
          <div
            role="alert"
            className="max-h-56 shrink-0 overflow-y-auto rounded-md bg-errored-soft px-3 py-2 text-errored"
            data-testid="create-problem"
          >
            <p className="break-words whitespace-pre-wrap">{problem.detail}</p>
          </div>
        )}
        <footer className="flex flex-wrap justify-end gap-2 pt-1">
          <Button onClick={close}>Cancel</Button>
          {problem?.code === "project_running" && <Button onClick={() => void submit(true)}>End it and adopt</Button>}
          <Button type="submit" variant="primary" disabled={missing !== null} title={missing ?? undefined}>
            {problem !== null ? "Try again" : adopts ? "Adopt folder" : "Create app"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
