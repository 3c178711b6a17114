import { Button } from "@/components/ui/Button";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { newVersion } from "@/state/fleet";

/** The server was updated under the open page. */
export function NewVersion() {
  const version = useStore(fleet, newVersion);
  if (version === null) return null;
  return (
    <section
      aria-label="New version"
      data-testid="new-version"
      className="flex shrink-0 items-center gap-3 border-b border-line bg-accent-soft px-4 py-2 text-accent-text"
    >
      <p role="status" className="min-w-0 grow">
        Berth is now version {version}. This page is of an earlier one.
      </p>
      <Button size="sm" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </section>
  );
}
