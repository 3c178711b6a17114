// Every key of the page, once: the keyboard acts by it, buttons and the palette show it, and the help lists it.

export interface Key {
  /** As the browser calls them (KeyboardEvent.key). */
  keys: readonly string[];
  /** As they stand on a keyboard, where that differs. */
  shown?: readonly string[];
  does: string;
  /** Held down, it acts again and again. */
  repeats?: true;
}

export const everywhere = {
  apps: { keys: ["1"], does: "Go to the apps" },
  activity: { keys: ["2"], does: "Go to the activity" },
  allLogs: { keys: ["3"], does: "Go to the logs" },
  templates: { keys: ["4"], does: "Go to the templates" },
  search: { keys: ["/"], does: "Search" },
  create: { keys: ["c"], does: "Create an app" },
  palette: { keys: [], shown: ["Ctrl K", "⌘ K"], does: "Command palette" },
  help: { keys: ["?"], does: "This help" },
  escape: { keys: ["Escape"], shown: ["Esc"], does: "Close what is open, then clear the selection" },
} as const satisfies Record<string, Key>;

/** Of the current row, or of the app whose page it is. */
export const ofApp = {
  open: { keys: ["Enter", "o"], does: "Open in a new tab" },
  logs: { keys: ["l"], does: "Logs" },
  editor: { keys: ["e"], does: "Open in the editor" },
  check: { keys: ["t"], does: "Ask whether its pages work" },
  restart: { keys: ["r"], does: "Restart, start, recover or wake" },
  stop: { keys: ["s"], does: "Stop" },
  sleep: { keys: ["z"], does: "Put to sleep, or wake" },
  delete: { keys: ["x", "Delete"], shown: ["x", "Del"], does: "Delete" },
  pin: { keys: ["b"], does: "Pin to the top" },
} as const satisfies Record<string, Key>;

export const inList = {
  next: { keys: ["j", "ArrowDown"], shown: ["j", "↓"], does: "Next app", repeats: true },
  previous: { keys: ["k", "ArrowUp"], shown: ["k", "↑"], does: "Previous app", repeats: true },
  page: { keys: ["i"], does: "The app's page" },
  select: { keys: [" "], shown: ["Space"], does: "Select" },
  selectAll: { keys: ["a"], does: "Select all that are shown" },
  expand: { keys: ["ArrowRight"], shown: ["→"], does: "Show details" },
  collapse: { keys: ["ArrowLeft"], shown: ["←"], does: "Hide details" },
  gallery: { keys: ["g"], does: "Gallery or rows" },
} as const satisfies Record<string, Key>;

/** These two work from the list as well; it keeps the focus while the logs are open beside it. */
export const inLogs = {
  find: { keys: ["f"], does: "Search in the log" },
  pause: { keys: ["p"], does: "Pause or follow" },
} as const satisfies Record<string, Key>;

/** And these only while the focus is in the logs. */
export const scrolling = {
  lineUp: { keys: ["ArrowUp", "k"], shown: ["↑", "k"], does: "Scroll up", repeats: true },
  lineDown: { keys: ["ArrowDown", "j"], shown: ["↓", "j"], does: "Scroll down", repeats: true },
  pageUp: { keys: ["PageUp"], shown: ["PgUp"], does: "A page up", repeats: true },
  pageDown: { keys: ["PageDown"], shown: ["PgDn"], does: "A page down", repeats: true },
  top: { keys: ["Home"], does: "To the first line" },
  end: { keys: ["End"], does: "To the end, and follow" },
} as const satisfies Record<string, Key>;

/** These too. */
export const inLines = {
  nextMatch: { keys: ["n"], does: "Next match", repeats: true },
  previousMatch: { keys: ["N"], does: "Previous match", repeats: true },
  matching: { keys: ["m"], does: "All lines, only matching ones, all but those" },
  wrap: { keys: ["w"], does: "Break long lines, or not" },
  times: { keys: ["t"], does: "Show when lines came, or not" },
  clear: { keys: ["x"], does: "Clear the view, or show all again" },
  since: { keys: ["s"], does: "Only since the last start, or all" },
  older: { keys: ["o"], does: "Load older lines" },
  chooseNext: { keys: ["]"], does: "Choose the next line", repeats: true },
  choosePrevious: { keys: ["["], does: "Choose the line before", repeats: true },
  copyLine: { keys: ["y"], does: "Copy the chosen line" },
  copyLink: { keys: ["u"], does: "Copy a link to the chosen line" },
  fold: { keys: ["e"], does: "Fold the JSON in the chosen line open or shut" },
} as const satisfies Record<string, Key>;

export const sections: readonly (readonly [string, Readonly<Record<string, Key>>])[] = [
  ["Everywhere", everywhere],
  ["Of the current app", ofApp],
  ["In the list", inList],
  ["In the logs", { ...inLogs, ...scrolling, ...inLines }],
];

export function shownKeys({ keys, shown }: Key): readonly string[] {
  return shown ?? keys;
}

/** The one key that a button shows. */
export function hintOf(key: Key): string | undefined {
  return shownKeys(key)[0];
}

/** What a key means among these; nothing if it is held and that means nothing. */
export function meaningOf<Name extends string>(
  keys: Readonly<Record<Name, Key>>,
  event: Pick<KeyboardEvent, "key" | "repeat">,
): Name | null {
  const found = Object.entries<Key>(keys).find(([, one]) => one.keys.includes(event.key));
  if (found === undefined || (event.repeat && found[1].repeats !== true)) return null;
  return found[0] as Name;
}
