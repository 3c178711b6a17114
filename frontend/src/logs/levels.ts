// How serious a line is, where its text tells it. Never by its stream: many programs write their progress to stderr.

export const levels = ["error", "warn", "info", "debug"] as const;
export type Level = (typeof levels)[number];

const words: Readonly<Record<string, Level>> = {
  fatal: "error",
  critical: "error",
  crit: "error",
  emerg: "error",
  alert: "error",
  panic: "error",
  error: "error",
  err: "error",
  warning: "warn",
  warn: "warn",
  notice: "info",
  info: "info",
  debug: "debug",
  trace: "debug",
  verbose: "debug",
  silly: "debug",
};

/** Levels are told at the beginning of a line; a word further on is mostly just a word. */
const head = 100;

/** Of a JSON line or of logfmt: a field, with a word or with the numbers of pino and bunyan (10 trace … 60 fatal). */
const field = /["']?\b(?:level|severity|lvl|loglevel)["']?\s*[:=]\s*(?:["']?([a-z]+)|(\d+))/i;
/** In brackets, in capitals, or at the beginning and followed by a colon. */
const bracketed = /[[(<|]\s*(fatal|critical|panic|error|err|warning|warn|notice|info|debug|trace|verbose)\s*[\])>|]/i;
const shouted =
  /(?:^|[\s:;,/-])(FATAL|CRITICAL|CRIT|EMERG|ALERT|PANIC|ERROR|ERR!?|WARNING|WARN|NOTICE|INFO|DEBUG|TRACE)(?=$|[\s:;,|/-])/;
const leading =
  /^[\s\W]*(fatal|panic|error|err!|warning|warn|notice|info|debug|trace|verbose)(?: [A-Z]+\d+)?:?(?=\s|$)/i;
const opening =
  /^\s*(?:npm |pnpm |yarn )?(fatal|panic|error|err!|warning|warn|info|debug|trace)(?: [A-Z]+\d+)?(?:\s+-|:)/i;
/** A thrown error, as engines print it: "TypeError: x is not a function", "Uncaught RangeError [CODE]: …". */
const thrown = /^\s*(?:Uncaught |Unhandled |\[?)?(?:[A-Z][\w.]*)?(?:Error|Exception)(?: \[[\w]+\])?:/;
/** What Next draws before a line. */
const signs: readonly (readonly [RegExp, Level])[] = [
  [/^\s*(?:⨯|✖|❌|×)\s/, "error"],
  [/^\s*(?:⚠|⚠️)\s/, "warn"],
];

function named(word: string | undefined): Level | null {
  const key = word?.toLowerCase().replace("!", "") ?? "";
  return Object.hasOwn(words, key) ? (words[key] ?? null) : null;
}

function numbered(value: number): Level | null {
  if (value < 10 || value > 60) return null;
  return value >= 50 ? "error" : value >= 40 ? "warn" : value >= 30 ? "info" : "debug";
}

function ofField(text: string): Level | null {
  const found = field.exec(text);
  if (found === null) return null;
  return found[1] === undefined ? numbered(Number(found[2])) : named(found[1]);
}

/** Whether any of the patterns can match at all: most lines are done with by this one. */
const worthALook =
  /err|warn|info|debug|trace|fatal|crit|panic|emerg|alert|exception|notice|verbose|silly|level|severity|lvl|[⨯✖❌×⚠]/i;

export function levelOf(plain: string): Level | null {
  const text = plain.length > head && !/^\s*\{/.test(plain) ? plain.slice(0, head) : plain;
  if (!worthALook.test(text)) return null;
  for (const [sign, level] of signs) if (sign.test(text)) return level;
  const told = ofField(text);
  if (told !== null) return told;
  if (thrown.test(text)) return "error";
  const word = opening.exec(text) ?? bracketed.exec(text) ?? shouted.exec(text);
  if (word !== null) return named(word[1]);
  const first = leading.exec(text);
  return first !== null && first[0].trimEnd().endsWith(":") ? named(first[1]) : null;
}
