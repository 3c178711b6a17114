import { Copy, FolderOpen, Plus, SearchX } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { Kbd } from "@/components/ui/Kbd";
import { touched, useMediaQuery } from "@/hooks/useMediaQuery";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { openDialog } from "./Header";
import { PageTitle } from "./PageTitle";

const ways = [
  {
    origin: "folder",
    icon: FolderOpen,
    label: "Adopt a folder",
    says: "A project that you have already. It stays yours.",
  },
  {
    origin: "template",
    icon: Copy,
    label: "Use a template",
    says: "A copy of a repository or a folder, ready to run.",
  },
] as const;

/** The first visit: what this is, and the ways to begin. */
export function EmptyState() {
  const fingers = useMediaQuery(touched);
  return (
    <div className="mx-auto max-w-xl px-6 py-16 text-center" data-testid="empty">
      <PageTitle className="text-xl!">No apps yet</PageTitle>
      <p className="mx-auto mt-2 max-w-md text-ink-2">
        Berth runs Next.js projects on this machine, each on a port of its own. It starts them, watches them, tells what
        is wrong with them, and cleans up after them.
      </p>
      <Button variant="primary" className="mt-7" onClick={() => openDialog({ kind: "create" })}>
        <Plus size={16} aria-hidden /> Create your first app {!fingers && <Kbd inverted>c</Kbd>}
      </Button>
      <p className="mt-2 text-xs text-ink-3">The first takes half a minute, later ones a second or two.</p>
      <div className="mt-7 grid gap-3 text-left sm:grid-cols-2">
        {ways.map(({ origin, icon: Icon, label, says }) => (
          <button
            key={origin}
            type="button"
            className="flex gap-3 rounded-lg border border-line bg-surface p-4 text-left hover:border-line-strong hover:bg-hover"
            onClick={() => openDialog({ kind: "create", origin })}
          >
            <Icon size={18} aria-hidden className="mt-0.5 shrink-0 text-accent-text" />
            <span>
              <span className="block font-medium">{label}</span>
              <span className="text-ink-2">{says}</span>
            </span>
          </button>
        ))}
      </div>
      <p className="mt-7 text-ink-2">Or from a terminal:</p>
      <pre className="mt-2 rounded-lg border border-line bg-sunken px-4 py-2.5 text-left font-mono text-xs select-all">
        berth create my-app
      </pre>
    </div>
  );
}

export function NoMatches() {
  const count = useStore(fleet, (state) => state.order.length);
  return (
    <div className="mx-auto max-w-md px-6 py-20 text-center" data-testid="no-matches">
      <SearchX size={28} aria-hidden className="mx-auto text-ink-3" />
      <h2 className="mt-3 font-semibold">None of the {count} apps match</h2>
      <Button className="mt-4" onClick={() => view.update((v) => ({ ...v, search: "", status: null, category: null }))}>
        Clear search and filters
      </Button>
    </div>
  );
}

/** While nothing has answered yet. Holds the list's place, so that its arrival moves nothing. */
export function Loading() {
  const offline = useStore(fleet, (state) => state.connection.state === "offline");
  if (offline) {
    return (
      <div className="mx-auto max-w-md px-6 py-24 text-center" role="alert">
        <h2 className="text-lg font-semibold">Berth does not answer</h2>
        <p className="mt-2 text-ink-2">
          Start it with <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs">berth up</code>. This page
          connects by itself as soon as it is there.
        </p>
      </div>
    );
  }
  return (
    <div aria-label="Loading" role="status" className="px-4 pt-3">
      {Array.from({ length: 8 }, (_, i) => (
        <div key={i} className="mb-2 h-7 rounded bg-sunken motion-safe:animate-pulse" />
      ))}
    </div>
  );
}
