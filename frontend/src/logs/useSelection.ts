// The browser's selection in the log, which holds only the lines in view. The lines where it begins and ends are kept
// for as long as it lasts, and what it means is told by the store.
import { useEffect, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { sameJson } from "@/hooks/useStore";
import type { LogModel } from "./logModel";
import type { Place } from "./selectionText";

interface Spot extends Place {
  /** It is in folded JSON, whose text is not the line's own. */
  folded: boolean;
}

/** The line and the index in its text that a point of the page is at; null outside of all lines. */
function spotOf(node: Node, offset: number): Spot | null {
  const element = node instanceof Element ? node : node.parentElement;
  const fold = element?.closest("[data-fold]");
  if (fold instanceof HTMLElement) return { line: Number(fold.dataset["fold"]), at: Infinity, folded: true };
  const line = element?.closest("[data-line]");
  if (!(line instanceof HTMLElement)) return null;
  const range = document.createRange();
  range.selectNodeContents(line);
  range.setEnd(node, offset);
  return { line: Number(line.dataset["line"]), at: range.toString().length, folded: false };
}

/** Both ends of a range; one that is between lines is at the beginning or the end of the nearest one within. */
function spotsOf(range: Range, lines: Element): [Spot, Spot] | null {
  const within = [...lines.querySelectorAll<HTMLElement>("[data-line]")].filter((line) => range.intersectsNode(line));
  const [first, last] = [within[0], within.at(-1)];
  if (first === undefined || last === undefined) return null;
  const from = spotOf(range.startContainer, range.startOffset);
  const to = spotOf(range.endContainer, range.endOffset);
  return [
    from ?? { line: Number(first.dataset["line"]), at: 0, folded: false },
    to ?? { line: Number(last.dataset["line"]), at: Infinity, folded: false },
  ];
}

function rangeIn(lines: HTMLElement | null): Range | null {
  const selection = document.getSelection();
  if (lines === null || selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  return lines.contains(range.commonAncestorContainer) ? range : null;
}

/** What is selected in the log, as the apps wrote it; null where that is the browser's own affair. */
export function selectedText(lines: HTMLElement, model: LogModel): string | null {
  const range = rangeIn(lines);
  const spots = range === null ? null : spotsOf(range, lines);
  if (spots === null) return null;
  const [from, to] = spots;
  if (from.folded && to.folded && from.line === to.line) return null;
  return model.copied(from, to);
}

/** Selects all that is shown, though the page holds little of it. */
export function selectAll(lines: HTMLElement, model: LogModel): void {
  const ends = model.ends();
  if (ends === null) return;
  // Drawn at once, for the selection needs both.
  flushSync(() => lines.dispatchEvent(new CustomEvent("pinlines", { detail: [ends.first, ends.last] })));
  const [first, last] = [ends.first, ends.last].map((line) => lines.querySelector(`[data-line="${line}"]`));
  if (first && last) document.getSelection()?.setBaseAndExtent(first, 0, last, last.childNodes.length);
}

/** The lines that must stay in the page. */
export function useSelection(scroller: RefObject<HTMLElement | null>, model: LogModel): readonly number[] {
  const [pins, setPins] = useState<readonly number[]>([]);
  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const pin = (wanted: readonly number[]) => setPins((before) => (sameJson(before, wanted) ? before : wanted));
    const onSelection = () => {
      const range = rangeIn(current);
      const spots = range === null ? null : spotsOf(range, current);
      pin(spots === null ? [] : [...new Set(spots.map(({ line }) => line))]);
    };
    const onPin = (event: Event) => pin((event as CustomEvent<number[]>).detail);
    const onCopy = (event: ClipboardEvent) => {
      const text = selectedText(current, model);
      if (text === null) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("selectionchange", onSelection);
    document.addEventListener("copy", onCopy);
    current.addEventListener("pinlines", onPin);
    return () => {
      document.removeEventListener("selectionchange", onSelection);
      document.removeEventListener("copy", onCopy);
      current.removeEventListener("pinlines", onPin);
    };
  }, [scroller, model]);
  return pins;
}
