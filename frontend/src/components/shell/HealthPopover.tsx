// How Berth itself is. Behind a button, because it matters rarely, but then at once.
import { Activity, TriangleAlert } from "lucide-react";
import { HealthFacts } from "@/components/lazy";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { conditionOf, type Condition } from "@/state/fleet";

const words: Record<Condition, { title: string; label: string }> = {
  well: { title: "Berth is well", label: "fine" },
  trouble: { title: "Berth needs attention", label: "needs attention" },
  silent: { title: "Berth does not answer", label: "no answer" },
  asking: { title: "Asking Berth how it is", label: "not known yet" },
};

export function HealthPopover() {
  const health = useStore(fleet, (state) => state.health);
  const condition = useStore(fleet, conditionOf);
  const { title, label } = words[condition];
  const alarming = condition === "trouble" || condition === "silent";
  const notes = alarming || (health?.orphans.length ?? 0) > 0;
  const Icon = alarming ? TriangleAlert : Activity;
  return (
    <Popover
      label="Health of Berth"
      trigger={
        <Button
          variant="ghost"
          aria-label={`Health of Berth: ${label}`}
          data-testid="health"
          className="relative w-8 px-0!"
        >
          <Icon size={16} aria-hidden className={alarming ? "text-unknown" : ""} />
          {notes && <span aria-hidden className="absolute top-1 right-1 size-1.5 rounded-full bg-unknown-dot" />}
        </Button>
      }
    >
      <h2 className="border-b border-line px-4 py-2.5 font-semibold">{title}</h2>
      {condition === "silent" && health !== null && <p className="px-4 pt-3 text-ink-2">This is what it said last:</p>}
      {health === null ? <p className="p-4 text-ink-2">No answer from Berth yet.</p> : <HealthFacts health={health} />}
    </Popover>
  );
}
