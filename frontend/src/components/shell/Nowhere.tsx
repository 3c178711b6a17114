// An address that leads to nothing.
import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "@/components/Link";
import { PageTitle } from "./PageTitle";

export function Nothing({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-24 text-center" data-testid="nothing-here">
      <SearchX size={28} aria-hidden className="text-ink-3" />
      <PageTitle className="mt-3 break-words">{title}</PageTitle>
      <div className="mt-2 text-ink-2">{children}</div>
      <Link to={{ page: "list" }} className="mt-6 font-medium text-accent-text underline underline-offset-3">
        To the apps
      </Link>
    </div>
  );
}

export function Nowhere({ path }: { path: string }) {
  return (
    <Nothing title="There is no such page">
      <p>
        Nothing is at <code className="font-mono text-xs break-all">{path}</code>.
      </p>
    </Nothing>
  );
}
