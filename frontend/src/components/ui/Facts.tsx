// What is so, a term and its value in a row.
import { Fragment, type ReactNode } from "react";

export type Fact = readonly [term: string, value: ReactNode];

/** `className`: the widths of the columns and the gaps. */
export function Facts({ facts, className }: { facts: readonly Fact[]; className: string }) {
  return (
    <dl className={`grid ${className}`}>
      {facts.map(([term, value]) => (
        <Fragment key={term}>
          <dt className="text-ink-3">{term}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
