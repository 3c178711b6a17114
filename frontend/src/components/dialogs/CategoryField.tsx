import { useId } from "react";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { categoriesOf } from "@/state/groups";
import { noCategory } from "@/state/view";
import { field, Field } from "./Field";

/** Those that there are can be chosen with a click; any other can be typed. */
export function CategoryField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const categories = useStore(fleet, (state) => categoriesOf(state).filter((key) => key !== noCategory), sameJson);
  const ids = { input: useId(), list: useId() };
  return (
    <Field id={ids.input} label="Category" optional>
      <input
        id={ids.input}
        className={field}
        value={value}
        maxLength={64}
        list={ids.list}
        autoComplete="off"
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <datalist id={ids.list}>
        {categories.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      {categories.length > 0 && (
        <div className="mt-2 flex flex-wrap gap-1.5" role="group" aria-label="Existing categories">
          {categories.slice(0, 8).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={value === one}
              className="max-w-40 truncate rounded-full border border-line px-2.5 py-0.5 text-xs text-ink-2 hover:bg-hover aria-pressed:border-accent-text aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
              onClick={() => onChange(value === one ? "" : one)}
            >
              <bdi>{one}</bdi>
            </button>
          ))}
        </div>
      )}
    </Field>
  );
}
