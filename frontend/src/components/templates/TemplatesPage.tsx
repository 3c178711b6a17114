// What apps are copied from: made from a repository or a folder, made anew, removed.
import { LoaderCircle, Plus, RotateCw, Trash2, X } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import type { Operation, Problem, Template } from "@/api/types";
import { phaseWords } from "@/components/list/phases";
import { Uptime } from "@/components/list/cells";
import { PageScroll } from "@/components/PageScroll";
import { PageTitle } from "@/components/shell/PageTitle";
import { Button, IconButton } from "@/components/ui/Button";
import { Confirm } from "@/components/ui/Dialog";
import { memory } from "@/format";
import { sameJson, useStore } from "@/hooks/useStore";
import { actions, api, fleet, notifier, view } from "@/services";
import { AddTemplate } from "./AddTemplate";

const bytesInMB = 1_048_576;

interface Listed {
  templates: readonly Template[] | null;
  problem: Problem | null;
  renew: () => void;
}

/** Asked again when one begins or ends to be made, by whomever. */
function useTemplates(): Listed {
  const [templates, setTemplates] = useState<readonly Template[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const live = useStore(fleet, (state) => state.connection.state === "live");
  const making = useStore(fleet, ({ operations }) =>
    makingOf(operations)
      .map(({ id }) => id)
      .join(),
  );
  const renew = useCallback(() => {
    void api.templates().then((answer) => {
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) setTemplates(answer.value);
    });
  }, []);
  useEffect(renew, [renew, live, making]);
  return { templates, problem, renew };
}

function makingOf(operations: readonly Operation[]): Operation[] {
  return operations.filter((operation) => operation.kind === "template");
}

function Making({ operation }: { operation: Operation }) {
  const { id, name, phase, line, startedAt } = operation;
  return (
    <li
      className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3"
      data-testid="template-making"
      data-phase={phase}
    >
      <LoaderCircle size={14} aria-hidden className="shrink-0 text-accent-text motion-safe:animate-spin" />
      <bdi className="max-w-60 truncate font-medium">{name}</bdi>
      <span className="text-xs font-medium text-accent-text">{phaseWords[phase]}</span>
      <span className="min-w-0 grow basis-40 truncate font-mono text-xs text-ink-3" title={line ?? undefined}>
        {line}
      </span>
      <span className="text-xs text-ink-2">
        <Uptime since={Date.parse(startedAt)} />
      </span>
      <IconButton
        label={`Cancel making ${name}`}
        hint="Cancel"
        danger
        icon={<X size={15} />}
        onClick={() => void actions.cancel(id)}
      />
    </li>
  );
}

function factsOf(template: Template): string {
  const { madeAt, nextVersion, packageManager, node, bytes, commit } = template;
  if (madeAt === null) return "Not there yet: the first create makes it.";
  return [
    `made ${new Date(madeAt).toLocaleString()}`,
    nextVersion !== null && `Next ${nextVersion}`,
    packageManager,
    node !== null && `Node ${node}`,
    commit !== null && `commit ${commit.slice(0, 8)}`,
    bytes !== null && memory(bytes / bytesInMB),
  ]
    .filter(Boolean)
    .join(", ");
}

function Row({ template, busy, onDone }: { template: Template; busy: boolean; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const { name, source, builtIn, madeAt } = template;
  const refresh = async () => {
    const answer = await api.refreshTemplate(name);
    if (answer.ok) notifier.done(`The template “${name}” is made anew`);
    else if (answer.problem.code !== "cancelled")
      notifier.failed(`“${name}” could not be made anew`, answer.problem.detail);
    onDone();
  };
  const remove = async () => {
    const answer = await api.removeTemplate(name);
    if (answer.ok) notifier.done(`The template “${name}” is removed`);
    else notifier.failed(`“${name}” could not be removed`, answer.problem.detail);
    onDone();
  };
  const unavailable = busy ? "It is being made right now" : null;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3" data-testid="template" data-name={name}>
      <div className="min-w-0 grow basis-64">
        <p className="flex items-baseline gap-2">
          <bdi className="truncate font-medium">{name}</bdi>
          {builtIn && <span className="text-xs text-ink-3">built in</span>}
        </p>
        <p className="font-mono text-xs break-all text-ink-2">{source}</p>
        <p className="text-xs text-ink-3">{factsOf(template)}</p>
      </div>
      <Button
        size="sm"
        disabled={madeAt === null}
        onClick={() =>
          view.update((v) => ({
            ...v,
            dialog: { kind: "create", ...(builtIn ? {} : { origin: "template" as const, template: name }) },
          }))
        }
      >
        <Plus size={13} aria-hidden /> Create app
        <span className="sr-only"> from {name}</span>
      </Button>
      <IconButton
        label={`Make ${name} anew`}
        icon={<RotateCw size={15} />}
        unavailable={unavailable}
        onClick={() => void refresh()}
      />
      <IconButton
        label={`Remove ${name}`}
        icon={<Trash2 size={15} />}
        danger
        unavailable={builtIn && madeAt === null ? "It is not there yet" : unavailable}
        onClick={() => setAsking(true)}
      />
      {asking && (
        <Confirm
          title={`Remove the template “${name}”?`}
          confirm="Remove template"
          danger
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          <p>Apps that were made from it stay as they are.</p>
        </Confirm>
      )}
    </li>
  );
}

export function TemplatesPage() {
  const { templates, problem, renew } = useTemplates();
  const making = useStore(fleet, ({ operations }) => makingOf(operations), sameJson);
  return (
    <PageScroll>
      <div className="mx-auto flex max-w-4xl flex-col gap-4 p-4" data-testid="templates-page">
        <div>
          <PageTitle>Templates</PageTitle>
          <p className="mt-0.5 text-ink-2">
            Projects with their dependencies installed. An app made from one is a copy, there in a second or two.
          </p>
        </div>
        {problem !== null && <p className="text-errored">The templates could not be read: {problem.detail}</p>}
        {templates === null && problem === null && <p className="text-ink-3">Asking Berth…</p>}
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface empty:hidden">
          {making.map((operation) => (
            <Making key={operation.id} operation={operation} />
          ))}
          {templates?.map((template) => (
            <Row
              key={template.name}
              template={template}
              busy={template.operation !== null || making.some((one) => one.name === template.name)}
              onDone={renew}
            />
          ))}
        </ul>
        <AddTemplate onDone={renew} />
      </div>
    </PageScroll>
  );
}
