// The smallest store that React can read: a value, replaced and never mutated, and its listeners.
// Framework-free on purpose: all rules of the dashboard are tested without a browser.

export interface ReadableStore<S> {
  get(): S;
  subscribe: (listener: () => void) => () => void;
}

export interface Store<S> extends ReadableStore<S> {
  /** Listeners hear of it only if the value changed. */
  update(change: (state: S) => S): void;
}

export function createStore<S>(initial: S): Store<S> {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
