// What is wrong with Berth as a whole and stays so until somebody does something about it.
import { TriangleAlert, X } from "lucide-react";
import { useState } from "react";
import type { Notice } from "@/api/types";
import { IconButton } from "@/components/ui/Button";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet } from "@/services";

const titles: Record<string, string> = {
  manifest_invalid: "manifest.json cannot be read",
  manifest_restored: "manifest.json was restored from a backup",
  manifest_write_failed: "manifest.json cannot be written",
  pm2_unavailable: "pm2 does not answer",
};

/** Hidden until it is over: a problem that comes back is news again. */
function useHidden(keys: readonly string[]): [readonly string[], (key: string) => void] {
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const still = hidden.filter((key) => keys.includes(key));
  if (still.length < hidden.length) setHidden(still);
  return [still, (key) => setHidden((all) => [...all, key])];
}

const keyOf = (problem: Notice) => `${problem.code} ${problem.detail}`;

export function ProblemsBanner() {
  const problems = useStore(fleet, (state) => state.problems, sameJson);
  const [hidden, hide] = useHidden(problems.map(keyOf));
  const shown = problems.filter((problem) => !hidden.includes(keyOf(problem)));
  if (shown.length === 0) return null;
  return (
    <section aria-label="Problems" data-testid="problems" className="shrink-0">
      {shown.map((problem) => (
        <div
          key={keyOf(problem)}
          role="alert"
          data-code={problem.code}
          className="flex items-start gap-3 border-b border-line bg-unknown-soft px-4 py-2 text-unknown"
        >
          <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
          <p className="min-w-0 grow">
            <strong className="font-semibold">{titles[problem.code] ?? problem.code.replaceAll("_", " ")}.</strong>{" "}
            {problem.detail}
          </p>
          <IconButton label="Hide this problem" icon={<X size={14} />} onClick={() => hide(keyOf(problem))} />
        </div>
      ))}
    </section>
  );
}
