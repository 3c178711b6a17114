// The window through which the log is seen. The browser scrolls a space as high as the whole log (wheel, touch, bar and
// keys are its own, and cost nothing); in front of it xterm.js shows the rows in view. xterm never has more than those
// and some around them, rewritten when the view leaves them: 100,000 lines of its own would take it 240 MB and half a
// second for each change of the window's width.
import { Terminal } from "@xterm/xterm";
import { cellTable } from "./cells";
import type { Cell } from "./plainText";
import { themeFor } from "./theme";

/** Rows kept on either side of the view: a selection may be drawn over them, and scrolling a little rewrites nothing. */
const margin = 200;

/** Rows are numbered as in LogLayout. */
export interface Content {
  first: number;
  /** After the last row. */
  end: number;
  /** Differs when rows that were given before would read otherwise. */
  version: number;
  /** Whole lines around these rows, as the terminal is to get them. */
  text(from: number, to: number): { from: number; to: number; text: string };
  /** What a screen reader reads for these rows: xterm paints for the eye alone. */
  spoken(from: number, to: number): string;
  /** What is copied. */
  copied(from: Cell, to: Cell): string;
}

export interface ScreenEvents {
  /** Somebody scrolled: this row is the first in view now. */
  scrolled(row: number): void;
  /** Columns or rows are others. */
  resized(): void;
}

interface Range {
  from: number;
  to: number;
}

export class LogScreen {
  private readonly terminal: Terminal;
  private readonly scroller = document.createElement("div");
  private readonly space = document.createElement("div");
  private readonly front = document.createElement("div");
  private readonly reading = document.createElement("pre");
  private readonly observer: ResizeObserver;
  private readonly abort = new AbortController();
  private cell = { width: 1, height: 1 };
  private content: Content = {
    first: 0,
    end: 0,
    version: -1,
    text: (from, to) => ({ from, to, text: "" }),
    spoken: () => "",
    copied: () => "",
  };
  private top = 0;
  /** What xterm holds. */
  private held: (Range & { version: number }) | null = null;
  private writing = false;
  private again = false;
  /** The mouse is drawing a selection: nothing is rewritten under it. */
  private dragging = false;
  /** The selection in the log's rows, and columns. */
  private selection: { from: Cell; to: Cell } | null = null;
  private disposed = false;

  constructor(
    host: HTMLElement,
    dark: boolean,
    private readonly events: ScreenEvents,
  ) {
    this.scroller.className = "log-scroll h-full overflow-x-hidden overflow-y-auto";
    this.front.className = "sticky top-0 overflow-hidden";
    this.space.append(this.front);
    this.scroller.append(this.space);
    this.reading.className = "sr-only";
    this.reading.setAttribute("role", "region");
    this.reading.setAttribute("aria-label", "Lines in view");
    host.append(this.scroller, this.reading);
    this.terminal = new Terminal({
      allowProposedApi: true, // To give it our table of widths.
      convertEol: true,
      cursorInactiveStyle: "none",
      disableStdin: true,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--font-mono") || "monospace",
      fontSize: 12,
      lineHeight: 1.25,
      linkHandler: null,
      minimumContrastRatio: 4.5,
      scrollback: 2_000,
      theme: themeFor(dark),
    });
    this.terminal.unicode.register(cellTable);
    this.terminal.unicode.activeVersion = cellTable.version;
    this.terminal.open(this.front);
    // No key belongs to the terminal: Tab must leave it, and the page's own keys must work in it.
    this.terminal.attachCustomKeyEventHandler(() => false);
    this.terminal.write("\x1b[?25l");
    this.listen();
    this.fit();
    this.observer = new ResizeObserver(() => this.fit() && this.events.resized());
    this.observer.observe(host);
  }

  get columns(): number {
    return this.terminal.cols;
  }

  get rows(): number {
    return this.terminal.rows;
  }

  setDark(dark: boolean): void {
    this.terminal.options.theme = themeFor(dark);
  }

  /** Shows the content from row `top` on. */
  show(content: Content, top: number): void {
    this.content = content;
    this.top = top;
    const beyond = Math.max(0, content.end - content.first - this.rows);
    const height = `${this.scroller.clientHeight + beyond * this.cell.height}px`;
    if (this.space.style.height !== height) this.space.style.height = height;
    if (this.rowScrolledTo() !== top) this.scroller.scrollTop = (top - content.first) * this.cell.height;
    this.draw();
    const spoken = content.spoken(top, Math.min(content.end, top + this.rows));
    if (this.reading.textContent !== spoken) this.reading.textContent = spoken;
  }

  clearSelection(): void {
    this.selection = null;
    this.terminal.clearSelection();
  }

  dispose(): void {
    this.disposed = true;
    this.abort.abort();
    this.observer.disconnect();
    this.terminal.dispose();
    this.scroller.remove();
    this.reading.remove();
  }

  private listen(): void {
    const { signal } = this.abort;
    this.scroller.addEventListener("scroll", () => this.events.scrolled(this.rowScrolledTo()), {
      signal,
      passive: true,
    });
    // xterm would scroll its few rows, and keep the event from the browser.
    this.scroller.addEventListener("wheel", (event) => event.stopPropagation(), {
      signal,
      passive: true,
      capture: true,
    });
    const begins = (event: MouseEvent) => {
      if (event.button === 0) this.dragging = true;
    };
    this.front.addEventListener("mousedown", begins, { signal, capture: true });
    const ends = () => {
      if (!this.dragging) return;
      this.dragging = false;
      this.draw();
    };
    for (const event of ["mouseup", "blur"] as const) window.addEventListener(event, ends, { signal });
    // xterm would copy the cells that it holds: with our marks in them, and cut where it was rewritten.
    const copies = (event: ClipboardEvent) => {
      if (this.selection === null) return;
      event.clipboardData?.setData("text/plain", this.content.copied(this.selection.from, this.selection.to));
      event.preventDefault();
      event.stopPropagation();
    };
    this.scroller.addEventListener("copy", copies, { signal, capture: true });
    this.terminal.onSelectionChange(() => {
      if (!this.writing) this.keepSelection();
    });
    // Drawn over the edge, a selection makes xterm scroll: the browser's place follows.
    this.terminal.onRender(() => {
      if (!this.dragging || this.held === null) return;
      const row = this.held.from + this.terminal.buffer.active.viewportY;
      if (row !== this.rowScrolledTo()) this.scroller.scrollTop = (row - this.content.first) * this.cell.height;
    });
  }

  /** True if columns or rows changed. */
  private fit(): boolean {
    const { clientWidth, clientHeight } = this.scroller;
    const screen = this.terminal.element?.querySelector<HTMLElement>(".xterm-screen");
    if (!screen || clientWidth === 0 || clientHeight === 0) return false;
    const { width, height } = screen.getBoundingClientRect();
    this.cell = { width: width / this.terminal.cols, height: height / this.terminal.rows };
    if (this.cell.width === 0 || this.cell.height === 0) return false;
    this.front.style.height = `${clientHeight}px`;
    const columns = Math.max(2, Math.floor(clientWidth / this.cell.width));
    const rows = Math.max(1, Math.floor(clientHeight / this.cell.height));
    if (columns === this.terminal.cols && rows === this.terminal.rows) return false;
    if (columns !== this.terminal.cols) this.clearSelection();
    this.terminal.resize(columns, rows);
    this.held = null;
    return true;
  }

  private rowScrolledTo(): number {
    return this.content.first + Math.round(this.scroller.scrollTop / this.cell.height);
  }

  private draw(): void {
    if (this.dragging || this.disposed) return;
    if (this.writing) {
      this.again = true;
      return;
    }
    const { held, top, content } = this;
    const bottom = Math.min(content.end, top + this.rows);
    if (held !== null && held.version === content.version && held.from <= top && held.to >= bottom) {
      this.scrollTo(top - held.from);
      return;
    }
    const { from, to, text } = content.text(
      Math.max(content.first, top - margin),
      Math.min(content.end, bottom + margin),
    );
    this.writing = true;
    // One piece, parsed in one go: no frame shows half of it.
    this.terminal.write(`\x1b[3J\x1b[H\x1b[2J${text}`, () => {
      if (this.disposed) return;
      this.held = { from, to, version: content.version };
      this.select();
      this.writing = false;
      this.scrollTo(top - from);
      if (!this.again) return;
      this.again = false;
      this.draw();
    });
  }

  private scrollTo(line: number): void {
    const { active } = this.terminal.buffer;
    // Twice at most: xterm moves by a difference, and may have lost count of where it was while it was written to.
    for (let i = 0; i < 2 && active.viewportY !== line; i++) this.terminal.scrollToLine(line);
  }

  private keepSelection(): void {
    const position = this.terminal.getSelectionPosition();
    const { held } = this;
    this.selection =
      position === undefined || held === null
        ? null
        : { from: [held.from + position.start.y, position.start.x], to: [held.from + position.end.y, position.end.x] };
  }

  /** Puts what of the selection xterm holds back after a rewriting. */
  private select(): void {
    const { selection, held } = this;
    if (selection === null || held === null) return;
    const [startRow, startColumn] = selection.from[0] < held.from ? [held.from, 0] : selection.from;
    const [endRow, endColumn] = selection.to[0] >= held.to ? [held.to, 0] : selection.to;
    const length = (endRow - startRow) * this.columns + endColumn - startColumn;
    if (length > 0) this.terminal.select(startColumn, startRow - held.from, length);
    else this.terminal.clearSelection();
  }
}
