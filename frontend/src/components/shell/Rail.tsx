// The pages: beside everything on a wide screen, below it on a narrow one.
import { Boxes, Copy, History, ScrollText } from "lucide-react";
import { Link } from "@/components/Link";
import { useStore } from "@/hooks/useStore";
import { everywhere, hintOf } from "@/keymap";
import { view } from "@/services";
import type { Place } from "@/state/view";

const pages: readonly { to: Place; label: string; icon: typeof Boxes; key: string | undefined }[] = [
  { to: { page: "list" }, label: "Apps", icon: Boxes, key: hintOf(everywhere.apps) },
  { to: { page: "activity" }, label: "Activity", icon: History, key: hintOf(everywhere.activity) },
  { to: { page: "logs", apps: [] }, label: "Logs", icon: ScrollText, key: hintOf(everywhere.allLogs) },
  { to: { page: "templates" }, label: "Templates", icon: Copy, key: hintOf(everywhere.templates) },
];

export function Rail() {
  const here = useStore(view, (v) => v.place.page);
  return (
    <nav
      aria-label="Pages"
      className="order-last flex shrink-0 border-line bg-surface max-wide:border-t wide:order-first wide:w-[68px] wide:flex-col wide:gap-1 wide:border-r wide:px-1 wide:py-2"
    >
      {pages.map(({ to, label, icon: Icon, key }) => (
        <Link
          key={label}
          to={to}
          title={key === undefined ? label : `${label} (${key})`}
          aria-current={here === to.page ? "page" : undefined}
          className="flex h-13 grow flex-col items-center justify-center gap-0.5 rounded-md text-[11px] text-ink-2 hover:bg-hover hover:text-ink aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-accent-text max-wide:rounded-none wide:grow-0"
        >
          <Icon size={17} aria-hidden />
          {label}
        </Link>
      ))}
    </nav>
  );
}
