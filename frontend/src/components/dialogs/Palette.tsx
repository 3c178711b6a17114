// Everything that can be done, by typing. Built from the same commands as the rows.
import * as Radix from "@radix-ui/react-dialog";
import { Command } from "cmdk";
import { AlarmClock, Boxes, CircleHelp, Copy, History, Moon, Play, Plus, ScrollText, Square } from "lucide-react";
import { useState, type ReactNode } from "react";
import { askBulk } from "@/components/list/bulk";
import { commandsFor } from "@/components/list/commands";
import { StatusDot, statusWords } from "@/components/list/StatusBadge";
import { useStore } from "@/hooks/useStore";
import { everywhere, hintOf } from "@/keymap";
import { fleet, view } from "@/services";
import { underWay } from "@/state/fleet";
import { categoriesOf, idsIn } from "@/state/groups";
import { idsToSleep, idsToWake, standingOf } from "@/state/sleep";
import { noCategory, type Place } from "@/state/view";
import { go } from "@/navigation";
import { Kbd } from "@/components/ui/Kbd";
import { useReturnFocus } from "@/components/ui/useReturnFocus";

const item =
  "flex h-9 items-center gap-2.5 rounded-md px-3 cursor-pointer data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent-text";

function close() {
  view.update((v) => ({ ...v, dialog: null }));
}

function Item({
  value,
  icon,
  children,
  onSelect,
  hint,
}: {
  value: string;
  icon: ReactNode;
  children: ReactNode;
  hint?: string | undefined;
  onSelect: () => void;
}) {
  return (
    <Command.Item
      value={value}
      className={item}
      onSelect={() => {
        close();
        onSelect();
      }}
    >
      {icon}
      <span className="min-w-0 grow truncate">{children}</span>
      {hint !== undefined && <Kbd>{hint}</Kbd>}
    </Command.Item>
  );
}

const pages: readonly { to: Place; label: string; icon: ReactNode; shortcut: string | undefined }[] = [
  { to: { page: "list" }, label: "Apps", icon: <Boxes size={15} />, shortcut: hintOf(everywhere.apps) },
  { to: { page: "activity" }, label: "Activity", icon: <History size={15} />, shortcut: hintOf(everywhere.activity) },
  {
    to: { page: "logs", apps: [] },
    label: "Logs",
    icon: <ScrollText size={15} />,
    shortcut: hintOf(everywhere.allLogs),
  },
  { to: { page: "templates" }, label: "Templates", icon: <Copy size={15} />, shortcut: hintOf(everywhere.templates) },
];

function AppCommands({ id }: { id: string }) {
  const app = useStore(fleet, (state) => state.apps[id]);
  if (app === undefined) return null;
  const possible = commandsFor(app, underWay(fleet.get(), id)).filter((command) => command.unavailable === null);
  return (
    <Command.Group heading={app.name}>
      {possible.map((command) => (
        <Item
          key={command.key}
          value={`${command.key} ${id}`}
          icon={command.icon}
          hint={command.shortcut}
          onSelect={command.run}
        >
          {command.label}
        </Item>
      ))}
    </Command.Group>
  );
}

function Everything({ onApp }: { onApp: (id: string) => void }) {
  const state = fleet.get();
  const open = (kind: "create" | "help") => view.update((v) => ({ ...v, dialog: { kind } }));
  return (
    <>
      <Command.Group heading="Apps">
        {state.order.map((id) => {
          const app = state.apps[id];
          return app === undefined ? null : (
            <Command.Item key={id} value={`${app.name} ${app.port} ${id}`} className={item} onSelect={() => onApp(id)}>
              <StatusDot status={standingOf(app)} />
              <bdi className="min-w-0 grow truncate">{app.name}</bdi>
              <span className="text-xs text-ink-2">{statusWords[standingOf(app)]}</span>
              <span className="w-12 text-right font-mono text-xs text-ink-2">{app.port}</span>
            </Command.Item>
          );
        })}
      </Command.Group>
      <Command.Group heading="Pages">
        {pages.map(({ to, label, icon, shortcut }) => (
          <Item key={label} value={`go to ${label}`} icon={icon} hint={shortcut} onSelect={() => go(to)}>
            {label}
          </Item>
        ))}
      </Command.Group>
      <Command.Group heading="Commands">
        <Item
          value="create app"
          icon={<Plus size={15} />}
          hint={hintOf(everywhere.create)}
          onSelect={() => open("create")}
        >
          Create app
        </Item>
        {[null, ...categoriesOf(state)].flatMap((category) => {
          const where =
            category === null ? "in all categories" : `in ${category === noCategory ? "no category" : category}`;
          const ids = () => idsIn(fleet.get(), category);
          const apps = ids().flatMap((id) => state.apps[id] ?? []);
          const sleep = idsToSleep(apps, false);
          const wake = idsToWake(apps);
          return [
            <Item
              key={`stop ${where}`}
              value={`stop all ${where}`}
              icon={<Square size={11} fill="currentColor" />}
              onSelect={() => askBulk("stop", ids(), where, category === null)}
            >
              Stop all {where}
            </Item>,
            <Item
              key={`restart ${where}`}
              value={`restart all ${where}`}
              icon={<Play size={15} />}
              onSelect={() => askBulk("restart", ids(), where, category === null)}
            >
              Start or restart all {where}
            </Item>,
            sleep.length > 0 && (
              <Item
                key={`sleep ${where}`}
                value={`put all to sleep ${where}`}
                icon={<Moon size={15} />}
                onSelect={() => askBulk("sleep", sleep, where, category === null)}
              >
                Put all {where} to sleep
              </Item>
            ),
            wake.length > 0 && (
              <Item
                key={`wake ${where}`}
                value={`wake all ${where}`}
                icon={<AlarmClock size={15} />}
                onSelect={() => askBulk("wake", wake, where, category === null)}
              >
                Wake all {where}
              </Item>
            ),
          ];
        })}
        <Item
          value="keyboard help"
          icon={<CircleHelp size={15} />}
          hint={hintOf(everywhere.help)}
          onSelect={() => open("help")}
        >
          Keyboard help
        </Item>
      </Command.Group>
    </>
  );
}

export function Palette() {
  const [app, setApp] = useState<string | null>(null);
  const [text, setText] = useState("");
  const onCloseAutoFocus = useReturnFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <Radix.Content
          aria-describedby={undefined}
          data-testid="palette"
          onCloseAutoFocus={onCloseAutoFocus}
          className="fixed top-[12dvh] left-1/2 z-40 w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 overflow-hidden rounded-xl border border-line bg-surface shadow-pop animate-rise"
        >
          <Radix.Title className="sr-only">Command palette</Radix.Title>
          <Command label="Command palette" loop>
            <Command.Input
              autoFocus
              value={text}
              onValueChange={setText}
              placeholder={app === null ? "An app or a command…" : "What to do with it…"}
              className="h-12 w-full border-b border-line bg-transparent px-4 text-sm outline-none"
              onKeyDown={(event) => {
                if (event.key === "Backspace" && text === "") setApp(null);
              }}
            />
            <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3">
              <Command.Empty className="px-3 py-8 text-center text-ink-2">Nothing matches.</Command.Empty>
              {app === null ? (
                <Everything
                  onApp={(id) => {
                    setText("");
                    setApp(id);
                  }}
                />
              ) : (
                <AppCommands id={app} />
              )}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
