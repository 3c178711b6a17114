// Terminal colours for both colour schemes. xterm raises the contrast further where a program asks for less than 4.5:1.
import type { ITheme } from "@xterm/xterm";
import type { MarkStyles } from "./rendered";

const light: ITheme = {
  background: "#fbfcfd",
  foreground: "#1d222b",
  selectionBackground: "#bcd3fb",
  black: "#1d222b",
  red: "#b3261e",
  green: "#176b3a",
  yellow: "#7a5600",
  blue: "#1a55c0",
  magenta: "#8b2f8f",
  cyan: "#0b6a78",
  white: "#5b6472",
  brightBlack: "#636b79",
  brightRed: "#c2362d",
  brightGreen: "#1b7a43",
  brightYellow: "#8a6200",
  brightBlue: "#2563d8",
  brightMagenta: "#9c3fa0",
  brightCyan: "#0d7a8a",
  brightWhite: "#30363f",
};

const dark: ITheme = {
  background: "#0a0d11",
  foreground: "#d8dde5",
  selectionBackground: "#28467a",
  black: "#4b5361",
  red: "#ff8079",
  green: "#62d394",
  yellow: "#f0c550",
  blue: "#7fb0ff",
  magenta: "#e19cf0",
  cyan: "#63d2df",
  white: "#d8dde5",
  brightBlack: "#8a93a2",
  brightRed: "#ff9e98",
  brightGreen: "#86e3ae",
  brightYellow: "#f7d87e",
  brightBlue: "#a3c8ff",
  brightMagenta: "#edb8f8",
  brightCyan: "#8be2ec",
  brightWhite: "#ffffff",
};

export function themeFor(isDark: boolean): ITheme {
  return isDark ? dark : light;
}

/** Backgrounds of a search's matches. xterm keeps the text on them readable by its contrast ratio. */
export function markStyles(isDark: boolean): MarkStyles {
  return isDark
    ? { match: "\x1b[48;2;74;60;16m", active: "\x1b[48;2;138;106;0m" }
    : { match: "\x1b[48;2;251;233;176m", active: "\x1b[48;2;245;197;66m" };
}
