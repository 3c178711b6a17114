// The colours of the log for both colour schemes, as values that the page's `color-scheme` chooses from. Programs choose
// colours for grounds that they do not know: whatever they ask for is moved towards black or white until it can be read.
import type { CSSProperties } from "react";

type Rgb = readonly [number, number, number];

/** Ground and text, then the sixteen of a terminal: black, red, green, yellow, blue, magenta, cyan, white, and bright. */
const light = ["#fbfcfd", "#1d222b"].concat(
  ["#1d222b", "#b3261e", "#176b3a", "#7a5600", "#1a55c0", "#8b2f8f", "#0b6a78", "#5b6472"],
  ["#636b79", "#c2362d", "#1b7a43", "#8a6200", "#2563d8", "#9c3fa0", "#0d7a8a", "#30363f"],
);
const dark = ["#0a0d11", "#d8dde5"].concat(
  ["#4b5361", "#ff8079", "#62d394", "#f0c550", "#7fb0ff", "#e19cf0", "#63d2df", "#d8dde5"],
  ["#8a93a2", "#ff9e98", "#86e3ae", "#f7d87e", "#a3c8ff", "#edb8f8", "#8be2ec", "#ffffff"],
);

const least = 4.5;

function parsed(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function written([red, green, blue]: Rgb): string {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

/** WCAG 2: relative luminance and the ratio of two. */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(parsed(one)), luminance(parsed(other))];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** The colour, or the nearest on its way to black or white that can be read on the ground. */
export function readable(colour: string, ground: string): string {
  if (contrast(colour, ground) >= least) return colour;
  const end: Rgb = contrast("#ffffff", ground) > contrast("#000000", ground) ? [255, 255, 255] : [0, 0, 0];
  const from = parsed(colour);
  for (let share = 0.1; share < 1; share += 0.1) {
    const [red, green, blue] = from.map((part, i) => part + ((end[i] ?? 0) - part) * share);
    const moved = written([red ?? 0, green ?? 0, blue ?? 0]);
    if (contrast(moved, ground) >= least) return moved;
  }
  return written(end);
}

/** What the parameters of 38 or 48 ask for, or of the sixteen; null: nothing. */
function asked(codes: string, theme: readonly string[]): string | null {
  if (codes === "") return null;
  const [code = 0, kind, first = 0, green = 0, blue = 0] = codes.split(";").map(Number);
  if (code !== 38 && code !== 48) return theme[2 + (code % 10) + (code >= 90 ? 8 : 0)] ?? null;
  if (kind === 2) return written([first, green, blue]);
  if (first < 16) return theme[2 + first] ?? null;
  if (first >= 232) return written([8 + (first - 232) * 10, 8 + (first - 232) * 10, 8 + (first - 232) * 10]);
  const step = (n: number) => (n === 0 ? 0 : 55 + n * 40);
  const index = first - 16;
  return written([step(Math.floor(index / 36)), step(Math.floor(index / 6) % 6), step(index % 6)]);
}

/** Text and ground (null: none of its own) of a style in one theme. */
function pairOf(fg: string, bg: string, inverse: boolean, theme: readonly string[]): [string | null, string | null] {
  const [ground = "#ffffff", ink = "#000000"] = theme;
  let [text, back] = [asked(fg, theme), asked(bg, theme)];
  if (inverse) [text, back] = [back ?? ground, text ?? ink];
  if (text === null && back === null) return [null, null];
  return [readable(text ?? ink, back ?? ground), back];
}

const both = (one: string | null, other: string | null) =>
  one === null || other === null ? undefined : `light-dark(${one}, ${other})`;

const known = new Map<string, CSSProperties>();
/** True colours may be a style for each character: so many are remembered, then it begins anew. */
const mostKnown = 2_000;

/** How text after this sequence ("0;1;38;5;208", see style.ts) looks. */
export function looksOf(parameters: string): CSSProperties {
  const remembered = known.get(parameters);
  if (remembered !== undefined) return remembered;
  let [fg, bg] = ["", ""];
  const flags = new Set<number>();
  const codes = parameters.split(";").map(Number);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code < 30) flags.add(code);
    else {
      const used = code === 38 || code === 48 ? (codes[i + 1] === 2 ? 5 : 3) : 1;
      const text = codes.slice(i, i + used).join(";");
      if (code < 40 || (code >= 90 && code < 100)) fg = text;
      else bg = text;
      i += used - 1;
    }
  }
  const [onLight, onDark] = [light, dark].map((theme) => pairOf(fg, bg, flags.has(7), theme));
  const lines = [flags.has(4) ? "underline" : "", flags.has(9) ? "line-through" : ""].filter((line) => line !== "");
  const color = both(onLight?.[0] ?? null, onDark?.[0] ?? null);
  const backgroundColor = both(onLight?.[1] ?? null, onDark?.[1] ?? null);
  const looks: CSSProperties = {
    ...(color !== undefined && { color }),
    ...(backgroundColor !== undefined && { backgroundColor }),
    ...(flags.has(1) && { fontWeight: 700 }),
    ...(flags.has(3) && { fontStyle: "italic" }),
    ...(lines.length > 0 && { textDecorationLine: lines.join(" ") }),
  };
  if (known.size >= mostKnown) known.clear();
  known.set(parameters, looks);
  return looks;
}

/** Of the apps of one view: the first six colours of a terminal that are not red, for there red means stderr. */
const named = [4, 2, 5, 6, 3, 12, 10, 13, 14, 11];

export function colourOfSource(source: number): string {
  const index = 2 + (named[source % named.length] ?? 4);
  return both(light[index] ?? "", dark[index] ?? "") ?? "";
}

/** Grounds of a search's matches, and the text on them. */
export const marked: CSSProperties = {
  backgroundColor: "light-dark(#fbe9b0, #4a3c10)",
  color: "light-dark(#1d222b, #ffffff)",
};
export const active: CSSProperties = {
  backgroundColor: "light-dark(#f5c542, #8a6a00)",
  color: "light-dark(#1d222b, #ffffff)",
};
