// A text to remember the app by, edited where it stands.
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { App } from "@/api/types";
import { field } from "@/components/dialogs/Field";
import { Button } from "@/components/ui/Button";
import { actions } from "@/services";
import { Card } from "./Card";

const longest = 2_000; // characters, as the server has it

function Editing({ app, onEnd }: { app: App; onEnd: () => void }) {
  const [text, setText] = useState(app.notes ?? "");
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    const wanted = text.trim() === "" ? null : text;
    if (wanted === app.notes || (await actions.edit(app.id, { notes: wanted }))) onEnd();
    else setSaving(false);
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <textarea
        autoFocus
        rows={6}
        aria-label="Notes"
        value={text}
        maxLength={longest}
        disabled={saving}
        className={`${field} h-auto resize-y py-2`}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onEnd();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      <div className="flex items-center gap-2">
        <Button type="submit" variant="primary" size="sm" disabled={saving}>
          Save
        </Button>
        <Button size="sm" onClick={onEnd}>
          Cancel
        </Button>
        <span className="grow text-right text-xs text-ink-3">
          {text.length} of {longest}
        </span>
      </div>
    </form>
  );
}

export function Notes({ app }: { app: App }) {
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const end = () => {
    flushSync(() => setEditing(false)); // so that the button is there again
    button.current?.focus();
  };
  return (
    <Card
      title="Notes"
      aside={
        !editing && (
          <Button ref={button} size="sm" variant="ghost" data-testid="edit-notes" onClick={() => setEditing(true)}>
            <Pencil size={13} aria-hidden /> {app.notes === null ? "Write" : "Edit"}
            <span className="sr-only"> notes</span>
          </Button>
        )
      }
    >
      {editing ? (
        <Editing app={app} onEnd={end} />
      ) : (
        <p className={`break-words whitespace-pre-wrap ${app.notes === null ? "text-ink-3" : ""}`} data-testid="notes">
          {app.notes ?? "Nothing is noted. What is it for, and what is left to do?"}
        </p>
      )}
    </Card>
  );
}
