// The form for a new template. Its making may take minutes; the list shows the progress.
import { Plus } from "lucide-react";
import { useId, useState, type SyntheticEvent } from "react";
import type { Problem } from "@/api/types";
import { field, Field } from "@/components/dialogs/Field";
import { Button } from "@/components/ui/Button";
import { api, notifier } from "@/services";

export function AddTemplate({ onDone }: { onDone: () => void }) {
  const [name, setName] = useState("");
  const [source, setSource] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asked, setAsked] = useState(false);
  const ids = { name: useId(), source: useId() };
  const ready = name.trim() !== "" && source.trim() !== "" && !asked;
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault();
    if (!ready) return;
    setAsked(true);
    setProblem(null);
    const answer = await api.addTemplate(name.trim(), source.trim());
    setAsked(false);
    onDone();
    if (answer.ok) {
      notifier.done(`The template “${answer.value.name}” is ready`);
      setName("");
      setSource("");
    } else if (answer.problem.code !== "cancelled") setProblem(answer.problem);
  };
  const input = { autoComplete: "off", spellCheck: false, disabled: asked };
  return (
    <form
      aria-label="Add a template"
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
      onSubmit={(event) => void submit(event)}
    >
      <h3 className="font-semibold">Add a template</h3>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2.2fr)]">
        <Field id={ids.name} label="Name">
          <input
            id={ids.name}
            className={field}
            value={name}
            maxLength={64}
            placeholder="shop"
            {...input}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Field>
        <Field
          id={ids.source}
          label="Source"
          hint="A git repository, with #branch where it is not the usual one, or the whole path of a folder."
        >
          <input
            id={ids.source}
            className={`${field} font-mono`}
            value={source}
            placeholder="github:acme/shop-starter"
            aria-describedby={`${ids.source}-hint`}
            {...input}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
        </Field>
      </div>
      {problem !== null && (
        <p role="alert" className="rounded-md bg-errored-soft px-3 py-2 break-words whitespace-pre-wrap text-errored">
          {problem.detail}
        </p>
      )}
      <Button type="submit" variant="primary" className="self-start" disabled={!ready}>
        <Plus size={15} aria-hidden /> {asked ? "Making it…" : "Add template"}
      </Button>
    </form>
  );
}
