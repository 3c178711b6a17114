// Creating an app: a short form, then the scaffold's progress live. It may be closed at any time; the create goes on
// and its row in the list goes on showing it.
import { useEffect, useId, useRef, useState, type SyntheticEvent } from "react";
import type { Problem } from "@/api/types";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { sameJson, useStore } from "@/hooks/useStore";
import { actions, fleet, view } from "@/services";
import { categoriesOf } from "@/state/groups";
import { noCategory } from "@/state/view";
import { CreateProgress } from "./CreateProgress";

const field = "h-9 w-full rounded-md border border-line-strong bg-canvas px-3 text-sm";

function close() {
  view.update((v) => (v.dialog?.kind === "create" ? { ...v, dialog: null } : v));
}

export function CreateDialog() {
  const [name, setName] = useState("");
  const [category, setCategory] = useState("");
  /** What this create is called, once it is asked for: its operation carries it, and no other does. */
  const [request, setRequest] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const categories = useStore(fleet, (state) => categoriesOf(state).filter((key) => key !== noCategory), sameJson);
  const operation = useStore(fleet, ({ operations, ended }) =>
    request === null ? undefined : [...operations, ...ended].find((one) => one.request === request),
  );
  const mounted = useRef(true);
  const ids = { name: useId(), category: useId(), list: useId(), hint: useId() };

  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);

  async function submit(event: SyntheticEvent) {
    event.preventDefault();
    setProblem(null);
    const mine = crypto.randomUUID();
    setRequest(mine);
    const wanted = {
      request: mine,
      ...(name.trim() !== "" && { name: name.trim() }),
      ...(category.trim() !== "" && { category: category.trim() }),
    };
    const result = await actions.create(wanted, () => mounted.current);
    if (!mounted.current) return;
    if (result.ok || result.problem.code === "cancelled") {
      close();
      return;
    }
    setRequest(null);
    setProblem(result.problem);
  }

  if (request !== null) return <CreateProgress operation={operation} onClose={close} />;
  return (
    <Dialog
      title="Create app"
      description="A new Next.js project with a port of its own, started as soon as it is ready."
      onClose={close}
      testId="create-dialog"
    >
      <form className="flex flex-col gap-4 px-5 pt-3 pb-5" onSubmit={(event) => void submit(event)}>
        <div>
          <label htmlFor={ids.name} className="mb-1 block font-medium">
            Name <span className="font-normal text-ink-3">(optional)</span>
          </label>
          <input
            id={ids.name}
            autoFocus
            className={field}
            value={name}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
            aria-describedby={ids.hint}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <p id={ids.hint} className="mt-1 text-xs text-ink-3">
            Left blank, Berth makes one up, such as quiet-harbour.
          </p>
        </div>
        <div>
          <label htmlFor={ids.category} className="mb-1 block font-medium">
            Category <span className="font-normal text-ink-3">(optional)</span>
          </label>
          <input
            id={ids.category}
            className={field}
            value={category}
            maxLength={64}
            list={ids.list}
            autoComplete="off"
            onChange={(event) => setCategory(event.currentTarget.value)}
          />
          <datalist id={ids.list}>
            {categories.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          {categories.length > 0 && (
            <div className="mt-2 flex flex-wrap gap-1.5" role="group" aria-label="Existing categories">
              {categories.slice(0, 8).map((one) => (
                <button
                  key={one}
                  type="button"
                  aria-pressed={category === one}
                  className="max-w-40 truncate rounded-full border border-line px-2.5 py-0.5 text-xs text-ink-2 hover:bg-hover aria-pressed:border-accent-text aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
                  onClick={() => setCategory((now) => (now === one ? "" : one))}
                >
                  <bdi>{one}</bdi>
                </button>
              ))}
            </div>
          )}
        </div>
        {problem !== null && (
          <div
            role="alert"
            className="max-h-56 overflow-y-auto rounded-md bg-errored-soft px-3 py-2 text-errored"
            data-testid="create-problem"
          >
            <p className="break-words whitespace-pre-wrap">{problem.detail}</p>
          </div>
        )}
        <footer className="flex justify-end gap-2 pt-1">
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary">
            {problem === null ? "Create app" : "Try again"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
