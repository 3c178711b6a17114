// What can be done with an app, a button each, wherever it is listed.
import type { App } from "@/api/types";
import { IconButton } from "@/components/ui/Button";
import type { PendingAction } from "@/state/fleet";
import { placeOf, rowCommands } from "./commands";

/** `touch`: for fingers, which have no use for hints. */
export function RowCommands({ app, busy, touch = false }: { app: App; busy: PendingAction | null; touch?: boolean }) {
  return rowCommands(app, busy, touch).map((command) => (
    <IconButton
      key={placeOf(command.key)}
      touch={touch}
      label={`${command.label} ${app.name}`}
      {...(!touch && { hint: [command.label, command.note].filter(Boolean).join(". "), shortcut: command.shortcut })}
      icon={command.icon}
      unavailable={command.unavailable}
      danger={command.key === "delete"}
      data-action={command.key}
      onClick={command.run}
    />
  ));
}
