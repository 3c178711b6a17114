// Where a new app comes from, and what has to be said for each.
import { useEffect, useId, useState } from "react";
import type { Template } from "@/api/types";
import { sameJson, useStore } from "@/hooks/useStore";
import { api, fleet } from "@/services";
import { origins, type Draft, type Origin } from "@/state/draft";
import { field, Field } from "./Field";

const words: Record<Origin, { label: string; says: string }> = {
  next: { label: "New", says: "A new Next.js project: scaffolded the first time, a copy from then on." },
  template: { label: "Template", says: "A copy of a project of yours, with its dependencies installed already." },
  fork: { label: "Fork", says: "A copy of another app as it is now, with what is not committed." },
  folder: {
    label: "Folder",
    says: "A project that is there already. It stays where it is, and Berth never writes to it.",
  },
};

/** Asked for when it is looked at: templates change seldom, and nothing announces it. */
function useTemplates(): readonly Template[] | null {
  const [templates, setTemplates] = useState<readonly Template[] | null>(null);
  useEffect(() => {
    let here = true;
    void api.templates().then((answer) => {
      if (here) setTemplates(answer.ok ? answer.value.filter((one) => one.madeAt !== null) : []);
    });
    return () => {
      here = false;
    };
  }, []);
  return templates;
}

function Choice({
  label,
  value,
  options,
  none,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  none: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  if (options.length === 0) return <p className="text-ink-2">{none}</p>;
  return (
    <Field id={id} label={label}>
      <select id={id} className={field} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Choose…</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.text}
          </option>
        ))}
      </select>
    </Field>
  );
}

function FromTemplate({ draft, set }: Props) {
  const templates = useTemplates();
  if (templates === null) return <p className="text-ink-2">Asking for the templates…</p>;
  return (
    <Choice
      label="Template"
      value={draft.template}
      options={templates.map((one) => ({ value: one.name, text: one.name }))}
      none="There is no template yet. Make one on the page “Templates”, or in a terminal: berth template add NAME SOURCE, a git repository or a folder."
      onChange={(template) => set({ template })}
    />
  );
}

function FromApp({ draft, set }: Props) {
  const apps = useStore(
    fleet,
    ({ order, apps: all }) => order.flatMap((id) => (all[id] === undefined ? [] : [{ value: id, text: all[id].name }])),
    sameJson,
  );
  return (
    <Choice
      label="App"
      value={draft.from}
      options={apps}
      none="There is no app to fork yet."
      onChange={(from) => set({ from })}
    />
  );
}

/** What a machine reads: a path, the name of a script. */
function Code({
  label,
  optional,
  hint,
  value,
  example,
  onChange,
}: {
  label: string;
  optional?: boolean;
  hint?: string;
  value: string;
  example: string;
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <Field id={id} label={label} optional={optional} hint={hint}>
      <input
        id={id}
        className={`${field} font-mono`}
        value={value}
        placeholder={example}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

function FromFolder({ draft, set }: Props) {
  return (
    <>
      <Code
        label="Folder"
        hint="The whole path: of a project, a package of a monorepo, a worktree."
        value={draft.directory}
        example="/home/me/projects/shop"
        onChange={(directory) => set({ directory })}
      />
      <Code label="Script" optional value={draft.script} example="dev" onChange={(script) => set({ script })} />
    </>
  );
}

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
}

export function OriginFields({ draft, set }: Props) {
  const name = useId();
  return (
    <>
      <fieldset>
        <legend className="mb-1 font-medium">From</legend>
        <div className="grid grid-cols-4 gap-1 rounded-md border border-line-strong bg-canvas p-1">
          {origins.map((origin) => (
            <label
              key={origin}
              className="flex h-7 cursor-pointer items-center justify-center rounded text-ink-2 hover:bg-hover has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent-text has-focus-visible:outline-2"
            >
              <input
                type="radio"
                name={name}
                className="sr-only"
                checked={draft.origin === origin}
                onChange={() => set({ origin })}
              />
              {words[origin].label}
            </label>
          ))}
        </div>
        <p className="mt-1 text-xs text-ink-3">{words[draft.origin].says}</p>
      </fieldset>
      {draft.origin === "template" && <FromTemplate draft={draft} set={set} />}
      {draft.origin === "fork" && <FromApp draft={draft} set={set} />}
      {draft.origin === "folder" && <FromFolder draft={draft} set={set} />}
    </>
  );
}
