// The window through which the log is seen. The browser scrolls a space as high as the whole log (wheel, touch, bar and
// keys are its own); in it stand the few lines in view, and those in which a selection begins or ends, so that it lives
// on when they are scrolled away. What is copied comes from the store.
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type MouseEvent } from "react";
import { useStore } from "@/hooks/useStore";
import { cellsOf } from "./cells";
import { gutter, LogRow, rowHeight, type Look } from "./LogRow";
import { LineActions } from "./LineActions";
import type { LogModel } from "./logModel";
import { useCell, useSize } from "./useSize";
import { useSelection } from "./useSelection";

const right = 16;
/** Narrower than this, times are short. */
const roomForTimes = 600;

interface Props {
  model: LogModel;
  look: Omit<Look, "columns" | "times" | "timeWidth" | "nameWidth"> & { times: boolean };
  wrap: boolean;
  label: string;
  onCopyLine: () => void;
  onCopyLink: () => void;
}

function cellsBefore(look: Props["look"], times: Look["times"]): { time: number; name: number } {
  const longest = Math.max(0, ...(look.names ?? []).map(cellsOf));
  return {
    time: times === "full" ? 13 : times === "short" ? 9 : 0,
    name: look.names === null ? 0 : Math.min(16, longest) + 1,
  };
}

function showSideways(view: HTMLElement | null) {
  const match = view?.querySelector("[data-active]");
  if (!view || !match) return;
  const [outer, inner] = [view.getBoundingClientRect(), match.getBoundingClientRect()];
  const hidden = inner.left < outer.left || inner.right > outer.left + view.clientWidth;
  if (hidden) view.scrollLeft += inner.left - outer.left - view.clientWidth / 3;
}

export function LogLines({ model, look: given, wrap, label, onCopyLine, onCopyLink }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const cell = useCell();
  useStore(model.drawn, (n) => n);
  const chosen = useStore(model.state, (s) => s.chosen);
  const pins = useSelection(scroller, model);

  const times = !given.times ? null : width < roomForTimes ? "short" : "full";
  const before = cellsBefore(given, times);
  const [timeWidth, nameWidth] = [Math.ceil(before.time * cell), Math.ceil(before.name * cell)];
  const room = Math.max(1, Math.floor((width - gutter - right - timeWidth - nameWidth) / cell));
  const rows = Math.max(1, height / rowHeight);
  useLayoutEffect(() => {
    if (width > 0 && height > 0) model.resize(room, rows, wrap);
  }, [model, room, rows, wrap, width, height]);

  const { names, folders, editor } = given;
  const columns = wrap ? room : null;
  const [look, setLook] = useState<Look>({ names, folders, editor, times, columns, timeWidth, nameWidth });
  if (
    look.columns !== columns ||
    look.times !== times ||
    look.names !== names ||
    look.folders !== folders ||
    look.editor !== editor ||
    look.nameWidth !== nameWidth
  )
    setLook({ names, folders, editor, times, columns, timeWidth, nameWidth });

  const place = model.place();
  const lines = model.lines(pins);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const wanted = model.place().top * rowHeight;
    if (Math.abs(current.scrollTop - wanted) >= 1) current.scrollTop = wanted;
  });

  // Where lines are not broken, a match may be far to the right.
  const revealed = useStore(model.state, (s) => s.revealed);
  useEffect(() => {
    if (wrap) return;
    const frame = requestAnimationFrame(() => showSideways(scroller.current));
    return () => cancelAnimationFrame(frame);
  }, [revealed, wrap]);

  const fold = useCallback((number: number) => model.toggleFold(number), [model]);
  const choose = (event: MouseEvent) => {
    if ((event.target as HTMLElement).closest("a, button") !== null) return;
    // Drawing a selection is no choice of a line.
    if (document.getSelection()?.isCollapsed === false) return;
    const { current } = scroller;
    if (current === null) return;
    const row = (event.clientY - current.getBoundingClientRect().top + current.scrollTop) / rowHeight;
    const found = lines.find((one) => row >= one.row && row < one.row + one.rows);
    model.choose(found === undefined || found.number === chosen ? null : found.number);
  };
  useEffect(() => {
    const release = () => model.hold(false);
    window.addEventListener("pointerup", release);
    window.addEventListener("pointercancel", release);
    return () => {
      window.removeEventListener("pointerup", release);
      window.removeEventListener("pointercancel", release);
    };
  }, [model]);

  const inner = wrap ? undefined : gutter + right + timeWidth + nameWidth + Math.ceil(place.widest * cell);
  const shown = lines.find((line) => line.number === chosen);
  const at = shown === undefined ? -1 : (shown.row - place.top) * rowHeight;
  return (
    <div className="absolute inset-x-0 top-0.5 bottom-1 bg-terminal">
      <div
        ref={scroller}
        role="region"
        aria-label={label}
        tabIndex={0}
        data-testid="log-terminal"
        data-log-lines
        className={`log-scroll absolute inset-0 overflow-y-auto font-mono text-xs leading-[18px] outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 ${
          wrap ? "overflow-x-hidden" : "overflow-x-auto"
        }`}
        onScroll={(event) => model.scrolledTo(event.currentTarget.scrollTop / rowHeight)}
        onPointerDown={(event) => {
          // Not for a finger, which scrolls; nor on the bar.
          if (
            event.pointerType === "mouse" &&
            event.button === 0 &&
            event.nativeEvent.offsetX <= event.currentTarget.clientWidth
          )
            model.hold(true);
        }}
        onClick={choose}
      >
        <div className="relative" style={{ height: place.total * rowHeight, width: inner, minWidth: "100%" }}>
          {lines.map((line) => (
            <LogRow key={line.number} shown={line} look={look} chosen={line.number === chosen} onFold={fold} />
          ))}
        </div>
      </div>
      {shown !== undefined && at > -rowHeight && at < height && (
        <LineActions
          top={Math.max(0, at)}
          onCopyLine={onCopyLine}
          onCopyLink={onCopyLink}
          onClose={() => model.choose(null)}
        />
      )}
    </div>
  );
}
