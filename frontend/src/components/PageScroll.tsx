// What scrolls on a page. It remembers for each entry of the browser's history where it was: back, forward and a reload
// find it again, also where the content comes a moment later.
import { useEffect, useRef, type ComponentProps } from "react";
import { currentEntry, keepScroll, scrollOf } from "@/navigation";

const patienceMs = 5_000;
const byHand = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

export function PageScroll({ className = "", children, ...rest }: ComponentProps<"div">) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let wanted: number | null = null;
    let timer = 0;
    const settle = () => {
      wanted = null;
      window.clearTimeout(timer);
    };
    const reach = () => {
      if (wanted === null) return;
      element.scrollTop = wanted;
      if (Math.abs(element.scrollTop - wanted) < 2) settle();
    };
    const restore = () => {
      wanted = scrollOf(currentEntry());
      window.clearTimeout(timer);
      timer = window.setTimeout(settle, patienceMs);
      reach();
    };
    const observer = new ResizeObserver(reach);
    for (const child of element.children) observer.observe(child);
    const onScroll = () => {
      if (wanted === null) keepScroll(currentEntry(), element.scrollTop);
    };
    const onPop = () => window.setTimeout(restore); // after React has drawn what was there
    restore();
    element.addEventListener("scroll", onScroll, { passive: true });
    for (const event of byHand) element.addEventListener(event, settle, { passive: true });
    window.addEventListener("popstate", onPop);
    return () => {
      settle();
      observer.disconnect();
      element.removeEventListener("scroll", onScroll);
      for (const event of byHand) element.removeEventListener(event, settle);
      window.removeEventListener("popstate", onPop);
    };
  }, []);
  return (
    <div ref={host} data-testid="scroll" className={`min-h-0 grow overflow-auto ${className}`} {...rest}>
      <div>{children}</div>
    </div>
  );
}
