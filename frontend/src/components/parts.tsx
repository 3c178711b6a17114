// Parts of the page that are not in its first load: fetched in an idle moment, or when they are first needed. Either may
// fail (the server is stopped, or was updated and no longer has a part of that name); then the part says so in its own
// place, the rest of the page stays, and it can be tried again.
import { lazy, Suspense, type ComponentType } from "react";
import { ErrorBoundary, type FallbackProps } from "react-error-boundary";

const loads: (() => Promise<unknown>)[] = [];

export function createPart<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Failed: ComponentType<FallbackProps>,
): ComponentType<Props> {
  loads.push(load);
  // React keeps a failure for good: a new attempt is a new one of these.
  const attempt = () => lazy(async () => ({ default: await load() }));
  let current = attempt();
  return function Part(props: Props) {
    const Loaded = current;
    return (
      <ErrorBoundary
        FallbackComponent={Failed}
        onError={() => {
          current = attempt();
        }}
      >
        <Suspense fallback={null}>
          <Loaded {...props} />
        </Suspense>
      </ErrorBoundary>
    );
  };
}

/** So that what is pressed later works even if the server is gone by then. */
export function loadPartsWhenIdle(): void {
  const all = () => loads.forEach((load) => void load().catch(() => undefined));
  if ("requestIdleCallback" in window) window.requestIdleCallback(all);
  else globalThis.setTimeout(all, 2_000); // Safari
}
