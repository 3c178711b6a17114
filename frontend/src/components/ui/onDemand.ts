// A module that is fetched when it is first wanted. Other than React's lazy, it leaves standing what is there meanwhile
// (a button), and is there in the same moment if it was fetched before.
import { createContext, useContext, useState } from "react";

export interface OnDemand<M> {
  /** The module, once it is there. */
  get: () => M | null;
  load: () => Promise<M>;
}

export function createOnDemand<M>(fetch: () => Promise<M>): OnDemand<M> {
  let there: M | null = null;
  return {
    get: () => there,
    async load() {
      there ??= await fetch();
      return there;
    },
  };
}

/** Told when a module could not be fetched: there is no place of its own to say so. */
export const FetchFailed = createContext<() => void>(() => undefined);

export function useOnDemand<M>(module: OnDemand<M>): { parts: M | null; wanted: boolean; want: () => void } {
  const [state, setState] = useState(() => ({ parts: module.get(), wanted: false }));
  const failed = useContext(FetchFailed);
  const want = () => {
    const there = module.get();
    if (there !== null) setState({ parts: there, wanted: true });
    else module.load().then((parts) => setState({ parts, wanted: true }), failed);
  };
  return { ...state, want };
}
