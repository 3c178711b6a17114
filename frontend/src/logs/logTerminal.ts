// Shows a log store on xterm.js. The store is the truth; the terminal is written from it, in order, and holds still
// while paused (then nothing is written, so selection and search results stay where they are).
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Terminal } from "@xterm/xterm";
import type { Stream } from "@/api/types";
import { createStore, type Store } from "@/state/store";
import type { LogLine, LogStore } from "./logStore";
import { searchColours, themeFor } from "./theme";

export type StreamFilter = Stream | "both";

export interface TerminalState {
  /** "scroll": paused by scrolling up, goes on by scrolling down again. */
  paused: false | "button" | "scroll";
  /** Lines not written yet because of the pause. */
  unseen: number;
  results: { index: number; count: number } | null;
}

/**
 * Above this xterm's search stops marking matches, so the count is "at least". Marks are what a search costs: with 5,000
 * a key typed into a full scrollback took three times as long, and scrolling past them stuttered.
 */
export const mostMatches = 1_000;
const linesPerWrite = 2_000;
/** Each row costs xterm 12 bytes a column, so fewer are kept on screen than in the store. */
const rowsKept = 50_000;

function rendered(line: LogLine, both: boolean): string {
  if (line.stream === "notice") return `\x1b[3;90m· ${line.text}\x1b[0m`;
  return both && line.stream === "stderr" ? `\x1b[31m▎\x1b[0m${line.text}` : line.text;
}

export class LogTerminal {
  readonly state: Store<TerminalState> = createStore<TerminalState>({ paused: false, unseen: 0, results: null });
  private readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly search = new SearchAddon({ highlightLimit: mostMatches });
  private readonly observer: ResizeObserver;
  private readonly unsubscribe: () => void;
  private filter: StreamFilter = "both";
  private written: number;
  private generation: number;
  private writing = false;
  private disposed = false;
  /** Text of the unfinished lines at the bottom, and how far up they begin. */
  private tail = "";

  constructor(
    host: HTMLElement,
    private readonly log: LogStore,
    private dark: boolean,
  ) {
    this.terminal = new Terminal({
      allowProposedApi: true, // The search addon marks its matches with decorations.
      convertEol: true,
      cursorInactiveStyle: "none",
      disableStdin: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono") || "monospace",
      fontSize: 12,
      lineHeight: 1.25,
      linkHandler: null,
      minimumContrastRatio: 4.5,
      scrollback: rowsKept,
      theme: themeFor(dark),
    });
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.open(host);
    // No key belongs to the terminal: Tab must leave it, and the page's own keys must work in it.
    this.terminal.attachCustomKeyEventHandler(() => false);
    this.terminal.write("\x1b[?25l");
    this.fit.fit();
    this.written = log.start();
    this.generation = log.generation();
    this.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      this.state.update((s) => ({ ...s, results: { index: resultIndex, count: resultCount } })),
    );
    this.terminal.onRender(() => this.followScroll());
    this.observer = new ResizeObserver(() => this.fit.fit());
    this.observer.observe(host);
    this.unsubscribe = log.version.subscribe(() => this.pump());
    this.pump();
  }

  setDark(dark: boolean): void {
    if (dark === this.dark) return;
    this.dark = dark;
    this.terminal.options.theme = themeFor(dark);
  }

  setFilter(filter: StreamFilter): void {
    if (filter === this.filter) return;
    this.filter = filter;
    this.rewrite();
  }

  pause(): void {
    this.state.update((s) => ({ ...s, paused: "button" }));
  }

  follow(): void {
    this.state.update((s) => ({ ...s, paused: false, unseen: 0 }));
    this.terminal.scrollToBottom();
    this.pump();
  }

  find(text: string, direction: "next" | "previous" | "first"): void {
    if (text === "") {
      this.search.clearDecorations();
      this.state.update((s) => ({ ...s, results: null }));
      return;
    }
    const options = { decorations: searchColours(this.dark), incremental: direction === "first" };
    // The newest match first: in a log that is the one looked for.
    if (direction === "next") this.search.findNext(text, options);
    else this.search.findPrevious(text, options);
  }

  scroll(lines: number): void {
    this.terminal.scrollLines(lines);
  }

  scrollPages(pages: number): void {
    this.terminal.scrollPages(pages);
  }

  scrollToTop(): void {
    this.terminal.scrollToTop();
  }

  dispose(): void {
    this.disposed = true;
    this.unsubscribe();
    this.observer.disconnect();
    this.terminal.dispose();
  }

  private followScroll(): void {
    if (this.writing) return;
    const { viewportY, baseY } = this.terminal.buffer.active;
    const { paused } = this.state.get();
    if (viewportY < baseY && paused === false) this.state.update((s) => ({ ...s, paused: "scroll" }));
    else if (viewportY >= baseY && paused === "scroll") this.follow();
  }

  private rewrite(): void {
    this.written = this.log.start();
    this.generation = this.log.generation();
    this.tail = "";
    this.terminal.reset();
    this.terminal.write("\x1b[?25l");
    this.state.update((s) => ({ ...s, paused: false, unseen: 0 }));
    this.pump();
  }

  private pump(): void {
    if (this.writing || this.disposed) return;
    if (this.log.generation() !== this.generation) {
      this.rewrite();
      return;
    }
    if (this.state.get().paused !== false) {
      const unseen = this.log.end() - this.written;
      this.state.update((s) => (s.unseen === unseen ? s : { ...s, unseen }));
      return;
    }
    this.written = Math.max(this.written, this.log.start());
    const to = Math.min(this.log.end(), this.written + linesPerWrite);
    const lines = this.log.slice(this.written, to).filter((line) => this.shows(line.stream));
    const tail = to < this.log.end() ? "" : this.unfinished();
    if (lines.length === 0 && tail === this.tail) {
      this.written = to;
      if (to < this.log.end()) this.pump();
      return;
    }
    const both = this.filter === "both";
    const text = lines.map((line) => `${rendered(line, both)}\n`).join("");
    this.written = to;
    this.writing = true;
    this.terminal.write(`${this.eraseTail()}${text}${tail}`, () => {
      this.writing = false;
      this.tail = tail;
      this.pump();
    });
  }

  private shows(stream: LogLine["stream"]): boolean {
    return this.filter === "both" || stream === this.filter || stream === "notice";
  }

  /** Lines without an end yet, each at most one screen row, so that they can be taken back exactly. */
  private unfinished(): string {
    const width = this.terminal.cols - 1;
    return (["stdout", "stderr"] as const)
      .filter((stream) => this.shows(stream))
      .map((stream) => this.log.partial(stream))
      .filter((text) => text !== "")
      .map((text) => cut(text, width))
      .join("\n");
  }

  private eraseTail(): string {
    if (this.tail === "") return "";
    const above = this.tail.split("\n").length - 1;
    return `${above > 0 ? `\x1b[${above}A` : ""}\r\x1b[J`;
  }
}

/** The first `width` characters, not counting styles; wide characters count twice, to be on the safe side. */
function cut(text: string, width: number): string {
  let room = width;
  let out = "";
  for (const [part] of text.matchAll(/\x1b\[[\d;]*m|[^]/gu)) {
    if (part.startsWith("\x1b")) out += part;
    else {
      room -= part.charCodeAt(0) < 0x1100 ? 1 : 2;
      if (room < 0) break;
      out += part === "\t" ? " " : part;
    }
  }
  return `${out}\x1b[0m`;
}
