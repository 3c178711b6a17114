// A link within the dashboard: a real one, with an address to copy and to open elsewhere; followed without loading anew.
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { iconButtonLook } from "@/components/ui/Button";
import { Tooltip } from "@/components/ui/Tooltip";
import { go } from "@/navigation";
import { writeAddress } from "@/state/address";
import { view } from "@/services";
import type { Place } from "@/state/view";

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

export type LinkProps = Omit<ComponentProps<"a">, "href"> & { to: Place };

export function Link({ to, onClick, ...rest }: LinkProps) {
  return (
    <a
      href={writeAddress({ ...view.get(), place: to, logs: null })}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || !isPlain(event)) return;
        event.preventDefault();
        go(to);
      }}
      {...rest}
    />
  );
}

interface IconLinkProps extends Omit<LinkProps, "children"> {
  label: string;
  icon: ReactNode;
  hint?: string;
  shortcut?: string | undefined;
  touch?: boolean;
}

export function IconLink({ label, icon, hint, shortcut, touch = false, ...rest }: IconLinkProps) {
  return (
    <Tooltip text={hint ?? label} shortcut={shortcut}>
      <Link aria-label={label} className={iconButtonLook({ touch })} {...rest}>
        {icon}
      </Link>
    </Tooltip>
  );
}
