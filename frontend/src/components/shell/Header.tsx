import { Plus, Search } from "lucide-react";
import { Button } from "@/components/ui/Button";
import { Kbd } from "@/components/ui/Kbd";
import { view } from "@/services";
import type { DialogState } from "@/state/view";
import { ConnectionPill } from "./ConnectionPill";
import { HealthPopover } from "./HealthPopover";
import { SettingsMenu } from "./SettingsMenu";
import { Totals } from "./Totals";

export function openDialog(dialog: DialogState): void {
  view.update((v) => ({ ...v, dialog }));
}

const commandKey = navigator.userAgent.includes("Mac") ? "⌘K" : "Ctrl K";

function Mark() {
  return (
    <svg
      viewBox="0 0 24 24"
      width="20"
      height="20"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    >
      <circle cx="12" cy="5" r="2.2" />
      <path d="M12 7.200V21M8 11h8M4 13.500c.6 4.600 3.700 7.500 8 7.500s7.400-2.900 8-7.500" />
    </svg>
  );
}

export function Header() {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line bg-surface px-4">
      <span className="text-accent-text">
        <Mark />
      </span>
      <h1 className="mr-2 text-[15px] font-semibold tracking-tight">Berth</h1>
      {/* Room for its longest text, so that losing the connection moves nothing. */}
      <div className="wide:min-w-44">
        <ConnectionPill />
      </div>
      <div className="flex min-w-0 grow max-totals:hidden">
        <Totals />
      </div>
      <div className="grow totals:hidden" />
      <Button variant="ghost" className="px-2! max-wide:hidden" onClick={() => openDialog({ kind: "palette" })}>
        <Search size={14} aria-hidden />
        <span className="sr-only">Commands</span>
        <Kbd>{commandKey}</Kbd>
      </Button>
      <HealthPopover />
      <SettingsMenu />
      <Button variant="primary" onClick={() => openDialog({ kind: "create" })} data-testid="create">
        <Plus size={16} aria-hidden />
        <span>
          Create<span className="hidden sm:inline"> app</span>
        </span>
      </Button>
    </header>
  );
}
