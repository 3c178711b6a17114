// Opening files in an editor: which one is asked once, and kept.
import { Code } from "lucide-react";
import type { ReactNode } from "react";
import type { App, PageIssue } from "@/api/types";
import { editorHref } from "@/components/list/commands";
import { Button, buttonLook } from "@/components/ui/Button";
import { Menu, MenuItem } from "@/components/ui/Menu";
import { useStore } from "@/hooks/useStore";
import { fleet, view } from "@/services";
import { editorNames } from "@/state/folder";
import { editors, type Editor } from "@/state/view";

function useHref(app: App, issue?: PageIssue): string | null {
  useStore(view, (v) => v.editor);
  useStore(fleet, (state) => state.health?.root);
  return editorHref(app, issue);
}

function choose(editor: Editor, app: App) {
  view.update((v) => ({ ...v, editor }));
  const href = editorHref(app);
  if (href !== null) window.location.assign(href);
}

export function EditorButton({ app }: { app: App }) {
  const href = useHref(app);
  const editor = useStore(view, (v) => v.editor);
  const icon = <Code size={15} aria-hidden />;
  if (href !== null && editor !== null) {
    return (
      <a href={href} className={`${buttonLook()} max-sm:h-11`} data-action="editor">
        {icon} Open in {editorNames[editor]}
      </a>
    );
  }
  return (
    <Menu
      align="start"
      trigger={
        <Button data-action="editor" className="max-sm:h-11">
          {icon} Open in the editor…
        </Button>
      }
    >
      {editors.map((one) => (
        <MenuItem key={one} onSelect={() => choose(one, app)}>
          {editorNames[one]}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** A place in a file: a link where an editor is chosen. */
export function EditorLink({ app, issue, children }: { app: App; issue: PageIssue; children: ReactNode }) {
  const href = useHref(app, issue);
  const look = "font-mono text-xs break-all";
  if (href === null) return <code className={look}>{children}</code>;
  return (
    <a href={href} title="Open in the editor" className={`${look} text-accent-text underline underline-offset-3`}>
      {children}
    </a>
  );
}
