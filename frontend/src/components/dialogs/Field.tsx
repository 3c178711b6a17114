import type { ReactNode } from "react";

export const field = "h-9 w-full rounded-md border border-line-strong bg-canvas px-3 text-sm";

/** A labelled control. The control has the `id`, and names `id`-hint as its description where there is a hint. */
export function Field({
  id,
  label,
  optional = false,
  hint,
  children,
}: {
  id: string;
  label: string;
  optional?: boolean | undefined;
  hint?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label} {optional && <span className="font-normal text-ink-3">(optional)</span>}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-ink-3">
          {hint}
        </p>
      )}
    </div>
  );
}
