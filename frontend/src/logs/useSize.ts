import { useLayoutEffect, useState, type RefObject } from "react";

/** The inner size of an element, without its bars, in pixels; 0 before it is known. */
export function useSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const read = () => {
      const { clientWidth: width, clientHeight: height } = current;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    const observer = new ResizeObserver(read);
    observer.observe(current);
    read();
    return () => observer.disconnect();
  }, [element]);
  return size;
}

let measured = 0;

function measure(): number {
  const probe = document.createElement("span");
  probe.className = "fixed invisible font-mono text-xs whitespace-pre";
  probe.textContent = "0".repeat(100);
  document.body.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width / 100;
}

/** The width of a cell of the log, in pixels. */
export function useCell(): number {
  const [cell] = useState(() => (measured ||= measure() || 7.2));
  return cell;
}
