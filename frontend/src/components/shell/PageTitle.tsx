// A page's heading. It takes the focus when somebody comes here from another page, so that what reads aloud begins here.
import { useEffect, useRef, type ReactNode } from "react";

let first = true;

export function PageTitle({ children, className = "" }: { children: ReactNode; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Not on load: then the browser begins at the top by itself. And not away from what somebody is at already.
    if (!first && (document.activeElement === document.body || document.activeElement?.closest("nav") !== null))
      heading.current?.focus({ preventScroll: true });
    first = false;
  }, []);
  return (
    <h2 ref={heading} tabIndex={-1} className={`text-base font-semibold outline-none ${className}`}>
      {children}
    </h2>
  );
}
