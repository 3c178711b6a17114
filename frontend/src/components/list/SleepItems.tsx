// In a menu for many apps: put to sleep what runs, and wake what sleeps. Offered only where there is any.
import { AlarmClock, Moon } from "lucide-react";
import { MenuItem } from "@/components/ui/Menu";
import { sameJson, useStore } from "@/hooks/useStore";
import { fleet } from "@/services";
import { idsIn } from "@/state/groups";
import { idsToSleep, idsToWake } from "@/state/sleep";
import { askBulk } from "./bulk";

/** `category`: null for all, which asks first. */
export function SleepItems({ category, where }: { category: string | null; where: string }) {
  const { sleep, wake } = useStore(
    fleet,
    (state) => {
      const apps = idsIn(state, category).flatMap((id) => state.apps[id] ?? []);
      return { sleep: idsToSleep(apps, false), wake: idsToWake(apps) };
    },
    sameJson,
  );
  const all = category === null;
  const dots = all ? "…" : "";
  return (
    <>
      <MenuItem
        icon={<Moon size={14} />}
        disabled={sleep.length === 0}
        onSelect={() => askBulk("sleep", sleep, where, all)}
      >
        Put all to sleep{dots}
      </MenuItem>
      <MenuItem
        icon={<AlarmClock size={14} />}
        disabled={wake.length === 0}
        onSelect={() => askBulk("wake", wake, where, all)}
      >
        Wake all that sleep{dots}
      </MenuItem>
    </>
  );
}
