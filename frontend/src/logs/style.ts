// The colours and weights a terminal line may have (SGR, ECMA-48 8.3.117), as a value. Sequences are never passed on:
// the style they ask for is kept, and written anew in one known form. So nothing but a style can get through.

export interface Style {
  readonly flags: readonly number[];
  readonly fg: string;
  readonly bg: string;
}

export const plain: Style = { flags: [], fg: "", bg: "" };

/** Bold, dim, italic, underline, inverse, strike. Blink and conceal are not honoured: a log has nothing to hide. */
const flagCodes = new Set([1, 2, 3, 4, 7, 9]);
const endsFlags: Record<number, readonly number[]> = { 21: [1], 22: [1, 2], 23: [3], 24: [4], 27: [7], 29: [9] };

/** The codes of an extended colour (38 or 48) and how many parameters it took. */
function extended(codes: readonly number[], at: number): { text: string; used: number } {
  const kind = codes[at + 1];
  const wanted = kind === 5 ? 1 : kind === 2 ? 3 : 0;
  const values = codes.slice(at + 2, at + 2 + wanted);
  const valid = wanted > 0 && values.length === wanted && values.every((value) => value >= 0 && value <= 255);
  return { text: valid ? [codes[at], kind, ...values].join(";") : "", used: 1 + wanted };
}

/** Programs use a few styles again and again: one object for each, and what became of it by which parameters. */
const known = new Map<string, Style>([["", plain]]);
const changes = new WeakMap<Style, Map<string, Style>>();
/** Of true colours there may be any number: then it is begun anew. */
const mostKnown = 1_000;

function theOne(style: Style): Style {
  const key = isPlain(style) ? "" : `${style.flags.join(" ")}/${style.fg}/${style.bg}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= mostKnown) known.clear();
  known.set(key, style);
  return style;
}

/** `style` after the parameters of one SGR sequence, such as "1;31". */
export function restyled(style: Style, parameters: string): Style {
  const before = changes.get(style) ?? new Map<string, Style>();
  const found = before.get(parameters);
  if (found !== undefined) return found;
  const after = theOne(changed(style, parameters));
  if (before.size >= mostKnown) before.clear();
  changes.set(style, before.set(parameters, after));
  return after;
}

function changed(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map((part) => (part === "" ? 0 : Number(part)));
  let { flags, fg, bg } = style;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const ended = endsFlags[code];
    if (code === 0) [flags, fg, bg] = [[], "", ""];
    else if (flagCodes.has(code)) flags = [...flags.filter((flag) => flag !== code), code];
    else if (ended !== undefined) flags = flags.filter((flag) => !ended.includes(flag));
    else if (code === 38 || code === 48) {
      const { text, used } = extended(codes, i);
      if (code === 38) fg = text;
      else bg = text;
      i += used;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) fg = String(code);
    else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) bg = String(code);
    else if (code === 39) fg = "";
    else if (code === 49) bg = "";
  }
  return { flags, fg, bg };
}

/**
 * The sequence that sets exactly this style, whatever was before. Dim is written as grey: terminals draw it half
 * transparent, which nobody can read on a light ground.
 */
export function sequenceOf(style: Style): string {
  const found = sequences.get(style);
  if (found !== undefined) return found;
  const made = written(style);
  sequences.set(style, made);
  return made;
}

const sequences = new WeakMap<Style, string>();

function written({ flags, fg, bg }: Style): string {
  const dim = flags.includes(2) && fg === "";
  const codes = ["0", ...flags.filter((flag) => flag !== 2).map(String), dim ? "90" : fg, bg].filter(
    (code) => code !== "",
  );
  return `\x1b[${codes.join(";")}m`;
}

export function isPlain({ flags, fg, bg }: Style): boolean {
  return flags.length === 0 && fg === "" && bg === "";
}
