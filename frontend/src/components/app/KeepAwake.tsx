// Whether Berth may put the app to sleep by itself, and what that means.
import { useId, useState } from "react";
import type { App } from "@/api/types";
import { useStore } from "@/hooks/useStore";
import { actions, fleet } from "@/services";
import { outlookOf } from "@/state/sleep";
import { Card } from "./Card";

export function KeepAwake({ app }: { app: App }) {
  const rule = useStore(fleet, (state) => state.health?.sleep);
  const [saving, setSaving] = useState(false);
  const id = useId();
  const turn = async () => {
    setSaving(true);
    await actions.edit(app.id, { keepAwake: !app.keepAwake });
    setSaving(false);
  };
  return (
    <Card title="Sleep">
      <div className="flex items-center gap-3">
        <span id={`${id}-label`} className="grow font-medium">
          Keep awake
        </span>
        <button
          type="button"
          role="switch"
          aria-checked={app.keepAwake}
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-says`}
          aria-disabled={saving}
          data-testid="keep-awake"
          className="group -my-1.5 flex h-8 w-11 items-center justify-end rounded-full max-sm:h-11"
          onClick={() => !saving && void turn()}
        >
          <span
            aria-hidden
            className="flex h-5 w-9 rounded-full bg-stopped-dot p-0.5 transition-colors group-aria-checked:bg-accent"
          >
            <span className="size-4 rounded-full bg-white transition-transform group-aria-checked:translate-x-4" />
          </span>
        </button>
      </div>
      <p id={`${id}-says`} className="mt-1.5 text-ink-2">
        {outlookOf(app.keepAwake, rule)}
      </p>
    </Card>
  );
}
