// The logs of one app or several, filling the place that they are given.
import { LogPanel } from "@/components/lazy";

export function Logs({ ids }: { ids: readonly string[] }) {
  const [id] = ids;
  if (id === undefined) return null;
  return (
    <div className="flex min-h-0 grow flex-col *:static! *:h-full! *:grow *:border-t-0!">
      <LogPanel key={id} id={id} />
    </div>
  );
}
