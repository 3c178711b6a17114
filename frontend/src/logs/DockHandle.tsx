// The upper edge of the dock: drag it, or move it with the arrow keys.
import { useRef } from "react";

const least = 160;
const step = 32;

/** Where nobody chose one yet. */
export function usualDockHeight(): number {
  return Math.max(least, Math.round(window.innerHeight * 0.42));
}

export function DockHandle({ height, onChange }: { height: number; onChange: (height: number) => void }) {
  const from = useRef<{ y: number; height: number } | null>(null);
  const most = () => window.innerHeight - 180;
  const set = (wanted: number) => onChange(Math.min(most(), Math.max(least, wanted)));
  return (
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the logs"
      aria-valuenow={height}
      aria-valuemin={least}
      aria-valuemax={most()}
      tabIndex={0}
      className="absolute inset-x-0 -top-1 z-10 h-2 cursor-row-resize touch-none hover:bg-accent/40 focus-visible:bg-accent/40"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { y: event.clientY, height };
      }}
      onPointerMove={(event) => {
        if (from.current !== null) set(from.current.height + from.current.y - event.clientY);
      }}
      // Let go of, or taken away (a gesture of the system, a second finger): either ends the drag.
      onLostPointerCapture={() => {
        from.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
        event.preventDefault();
        event.stopPropagation();
        set(height + (event.key === "ArrowUp" ? step : -step));
      }}
    />
  );
}
