// A create under way, standing in the list where its app will stand.
import { LoaderCircle, X } from "lucide-react";
import { IconButton } from "@/components/ui/Button";
import { Uptime } from "./cells";
import { phaseWords } from "./phases";
import { useStore } from "@/hooks/useStore";
import { actions, fleet } from "@/services";

export function OperationCard({ id }: { id: string }) {
  const operation = useStore(fleet, (state) => state.operations.find((one) => one.id === id));
  if (operation === undefined) return null;
  const { phase, line, name } = operation;
  return (
    <div data-testid="operation-row" data-operation-id={id} data-phase={phase} className="relative overflow-hidden">
      <div className="flex min-h-[34px] flex-wrap items-center gap-x-3 gap-y-1 py-1 pr-3 pl-4">
        <LoaderCircle size={14} aria-hidden className="shrink-0 text-accent-text motion-safe:animate-spin" />
        <span className="max-w-60 truncate font-medium" title={name}>
          <bdi>{name}</bdi>
        </span>
        <span className="font-mono text-xs text-ink-2">{operation.port}</span>
        <span className="text-xs font-medium text-accent-text">{phaseWords[phase]}</span>
        <span className="min-w-0 grow basis-40 truncate font-mono text-xs text-ink-3" title={line ?? undefined}>
          {line}
        </span>
        <span className="w-16 text-right text-xs text-ink-2">
          <Uptime since={Date.parse(operation.startedAt)} />
        </span>
        <IconButton
          label={`Cancel creating ${name}`}
          hint="Cancel"
          icon={<X size={15} />}
          danger
          unavailable={phase === "starting" ? "It is starting already; delete it afterwards instead" : null}
          onClick={() => void actions.cancel(id)}
        />
      </div>
      <div aria-hidden className="absolute inset-x-0 bottom-0 h-0.5 overflow-hidden bg-accent-soft">
        <div className="h-full w-1/3 bg-accent motion-safe:animate-slide" />
      </div>
    </div>
  );
}
