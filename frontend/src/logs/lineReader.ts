// Makes lines of text and colour out of whatever a program wrote. What a terminal would obey and a log viewer must
// not (moving the cursor, clearing, titles, links, the clipboard, queries) is dropped; a carriage return, which
// programs use to draw progress, starts the line afresh.
//
// A reader carries its state across pieces, since a sequence may be cut anywhere. Each line it gives stands by
// itself: it sets its own style and ends plain, so lines of two streams may be mixed. Tabs stay: what is copied is what
// was written.
import { isPlain, plain, restyled, sequenceOf, type Style } from "./style";

/** A line longer than this is broken: one without an end must not grow without an end. */
const longestLine = 16_384;
/** A sequence longer than this is no sequence. */
const longestSequence = 128;
const anything = /\n/;

/** A line with its styles, and the bare text of it. */
export interface ReadLine {
  text: string;
  plain: string;
  /** Where the piece that completed it goes on. */
  end: number;
}

type Mode = "text" | "escape" | "csi" | "string" | "stringEscape" | "charset";

export interface ReaderState {
  mode: Mode;
  sequence: string;
  style: Style;
  line: string;
  /** What of `line` is text. */
  plain: string;
  returned: boolean;
}

export const freshState: ReaderState = {
  mode: "text",
  sequence: "",
  style: plain,
  line: "",
  plain: "",
  returned: false,
};

/** Overrides and isolates could make a line read as something else than was written. */
const bidiControl = /[\u202a-\u202e\u2066-\u2069]/;

function styled({ line, style }: ReaderState): string {
  return isPlain(style) ? line : `${line}\x1b[0m`;
}

/**
 * The same text in one piece. V8 keeps what was put together as a tree of its parts, and each part keeps the whole
 * message that it was cut from: more than twice the memory. An expression that is held against it puts it together.
 */
function inOnePiece(text: string): string {
  anything.test(text);
  return text;
}

function finished(state: ReaderState, end: number): ReadLine {
  const text = inOnePiece(styled(state));
  return { text, plain: text.length === state.plain.length ? text : state.plain, end };
}

function begin(state: ReaderState) {
  state.line = isPlain(state.style) ? "" : sequenceOf(state.style);
  state.plain = "";
  state.returned = false;
}

function endOfCsi(state: ReaderState, final: string) {
  const { sequence } = state;
  state.mode = "text";
  if (final === "m" && /^[\d;:]*$/.test(sequence)) {
    state.style = restyled(state.style, sequence);
    state.line += sequenceOf(state.style);
  } else if ((final === "K" && (sequence === "2" || sequence === "1")) || (final === "G" && /^[01]?$/.test(sequence))) {
    state.returned = true;
  }
}

function inSequence(state: ReaderState, character: string, code: number) {
  switch (state.mode) {
    case "escape":
      state.sequence = "";
      if (character === "[") state.mode = "csi";
      else if ("]PX^_".includes(character)) state.mode = "string";
      else if ("()*+-./#% ".includes(character)) state.mode = "charset";
      else state.mode = "text";
      break;
    case "csi":
      if (code >= 0x40 && code <= 0x7e) endOfCsi(state, character);
      else if (code === 0x1b) state.mode = "escape";
      else if (state.sequence.length >= longestSequence) state.mode = "text";
      else state.sequence += character;
      break;
    case "string":
      if (code === 0x07 || code === 0x9c) state.mode = "text";
      else if (code === 0x1b) state.mode = "stringEscape";
      break;
    case "stringEscape":
      state.mode = character === "\\" ? "text" : "string";
      break;
    case "charset":
    case "text":
      state.mode = "text";
  }
}

function control(state: ReaderState, code: number) {
  if (code === 0x1b) state.mode = "escape";
  else if (code === 0x0d) state.returned = true;
  else if (code === 0x9b) [state.mode, state.sequence] = ["csi", ""];
  else if (code === 0x90 || code === 0x98 || code === 0x9d || code === 0x9e || code === 0x9f) state.mode = "string";
  // Bell, backspace and the rest have no place in a line of text.
}

/** Characters that mean nothing but themselves: nearly all of a log, so they are taken in runs, not one by one. */
const ordinary = /[\t\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\uffff]+/y;

function runAt(text: string, at: number, room: number): string {
  ordinary.lastIndex = at;
  return (ordinary.exec(text)?.[0] ?? "").slice(0, Math.max(0, room));
}

function add(state: ReaderState, text: string) {
  state.line += text;
  state.plain += text;
}

/** Feeds `text`; gives the lines it completed. `state` is changed in place. */
export function readLines(state: ReaderState, text: string): ReadLine[] {
  const lines: ReadLine[] = [];
  for (let at = 0; at < text.length;) {
    const run = state.mode === "text" ? runAt(text, at, longestLine - state.plain.length) : "";
    if (run !== "" && !state.returned) {
      add(state, run);
      at += run.length;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const code = character.charCodeAt(0);
    at += character.length;
    if (code === 0x0a) {
      // Also ends an unfinished sequence: a stray one must not swallow the rest of the log.
      state.mode = "text";
      lines.push(finished(state, at));
      begin(state);
      continue;
    }
    if (state.mode !== "text") {
      inSequence(state, character, code);
      continue;
    }
    if ((code < 0x20 && code !== 0x09) || (code >= 0x7f && code <= 0x9f)) {
      control(state, code);
      continue;
    }
    if (state.returned || state.plain.length >= longestLine) {
      if (!state.returned) lines.push(finished(state, at - character.length));
      begin(state);
    }
    add(state, bidiControl.test(character) ? "\ufffd" : character);
  }
  return lines;
}

/** What stands in the line that has not ended yet; "" if nothing. */
export function partialOf(state: ReaderState): string {
  return state.plain === "" ? "" : styled(state);
}
