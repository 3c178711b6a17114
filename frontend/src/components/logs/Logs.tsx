// The logs of one app or several, filling the place that they are given.
import { LogView } from "@/components/lazy";

/** Other apps are another view: it is made anew. */
export function Logs({ ids }: { ids: string[] }) {
  return (
    <div className="flex min-h-0 grow flex-col border-t border-line bg-surface" data-testid="logs">
      <LogView key={ids.join()} ids={ids} />
    </div>
  );
}
