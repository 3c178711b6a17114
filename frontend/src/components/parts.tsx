// Parts of the page that are not in its first load: fetched in an idle moment, or when they are first needed. Either may
// fail (the server is stopped, or was updated and no longer has a part of that name); then the part says so in its own
// place, and the rest of the page stays. There is no second attempt: browsers keep a failed module for as long as the
// page lives, so only loading the page anew helps.
import { lazy, Suspense, type ComponentType, type ReactNode } from "react";
import { ErrorBoundary } from "react-error-boundary";

const loads: (() => Promise<unknown>)[] = [];

export function createPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Failed: () => ReactNode,
): ComponentType<Props> {
  loads.push(load);
  const Loaded = lazy(async () => ({ default: await load() }));
  return function Part(props: Props) {
    return (
      <ErrorBoundary FallbackComponent={Failed}>
        <Suspense fallback={null}>
          <Loaded {...props} />
        </Suspense>
      </ErrorBoundary>
    );
  };
}

/** For what is fetched by other means than a part. */
export function alsoWhenIdle(...more: readonly (() => Promise<unknown>)[]): void {
  loads.push(...more);
}

/** So that what is pressed later works even if the server is gone by then. `also` has waited for that moment too. */
export function loadPartsWhenIdle(also: () => void): void {
  const all = () => {
    loads.forEach((load) => void load().catch(() => undefined));
    also();
  };
  if ("requestIdleCallback" in window) window.requestIdleCallback(all);
  else globalThis.setTimeout(all, 2_000); // Safari
}
