// What is chosen once for this browser: the theme, the editor, notifications.
import { Bell, BellOff, CircleHelp, Settings } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/Menu";
import { useStore } from "@/hooks/useStore";
import { notifier, view } from "@/services";
import { editorNames } from "@/state/folder";
import { editors, themes, type Theme } from "@/state/view";

const themeWords: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

function setNotify(notify: boolean) {
  view.update((v) => ({ ...v, notify }));
}

/** Asks the browser only here, where somebody asked for it. */
async function askToNotify() {
  if ((await Notification.requestPermission()) !== "granted") {
    notifier.failed(
      "The browser does not allow notifications",
      "Allow them for this page in the browser's settings for it, and try again.",
    );
    return;
  }
  setNotify(true);
  notifier.done(
    "Notifications are on",
    "Of crashes, broken pages and finished creates, while this page is in the background.",
  );
}

function Notifications() {
  const on = useStore(view, (v) => v.notify) && Notification.permission === "granted";
  return (
    <MenuItem
      icon={on ? <BellOff size={14} /> : <Bell size={14} />}
      onSelect={() => (on ? setNotify(false) : void askToNotify())}
    >
      {on ? "No more notifications" : "Notify me…"}
    </MenuItem>
  );
}

function Choices() {
  const theme = useStore(view, (v) => v.theme);
  const editor = useStore(view, (v) => v.editor);
  return (
    <>
      <MenuLabel>Theme</MenuLabel>
      <MenuChoice
        value={theme}
        options={themes.map((value) => ({ value, label: themeWords[value] }))}
        onChange={(value) => view.update((v) => ({ ...v, theme: value }))}
      />
      <MenuSeparator />
      <MenuLabel>Files open in</MenuLabel>
      <MenuChoice
        value={editor ?? ""}
        options={editors.map((value) => ({ value, label: editorNames[value] }))}
        onChange={(value) => view.update((v) => ({ ...v, editor: editors.find((one) => one === value) ?? null }))}
      />
    </>
  );
}

export function SettingsMenu() {
  const [canNotify] = useState(() => "Notification" in window);
  return (
    <Menu
      trigger={
        <Button variant="ghost" className="w-8 px-0!" aria-label="Settings" data-testid="settings">
          <Settings size={16} aria-hidden />
        </Button>
      }
    >
      <Choices />
      <MenuSeparator />
      {canNotify && <Notifications />}
      <MenuItem
        icon={<CircleHelp size={14} />}
        onSelect={() => view.update((v) => ({ ...v, dialog: { kind: "help" } }))}
      >
        Keyboard
      </MenuItem>
    </Menu>
  );
}
