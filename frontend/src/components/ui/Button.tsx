// Buttons. A button that cannot act now stays focusable and says why (aria-disabled and a tooltip): a control that
// is silently dead leaves keyboard and screen-reader users guessing.
import type { ComponentProps, ReactNode } from "react";
import { Tooltip } from "./Tooltip";

type Variant = "primary" | "outline" | "ghost" | "danger";

const variants: Record<Variant, string> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover",
  danger: "bg-danger text-white hover:bg-danger-hover",
  outline: "border border-line-strong bg-surface text-ink hover:bg-hover",
  ghost: "text-ink-2 hover:bg-hover hover:text-ink",
};

const base =
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none " +
  "transition-colors disabled:opacity-50 disabled:pointer-events-none";

/** Of a button; of a link that looks like one, too. */
export function buttonLook(variant: Variant = "outline", size: "md" | "sm" = "md"): string {
  return `${base} ${size === "md" ? "h-8 px-3" : "h-7 px-2 text-xs"} ${variants[variant]}`;
}

export type ButtonProps = ComponentProps<"button"> & { variant?: Variant; size?: "md" | "sm" };

export function Button({ variant = "outline", size = "md", className = "", ...rest }: ButtonProps) {
  return <button type="button" className={`${buttonLook(variant, size)} ${className}`} {...rest} />;
}

/** Of a square button with an icon; of a link that looks like one, too. */
export function iconButtonLook({ touch = false, danger = false, dead = false }): string {
  const tone = dead
    ? "cursor-not-allowed text-ink-3 opacity-35"
    : danger
      ? "text-ink-3 hover:bg-errored-soft hover:text-errored"
      : "text-ink-3 hover:bg-accent-soft hover:text-accent-text";
  const size = touch ? "size-11" : "size-7";
  return `inline-flex shrink-0 items-center justify-center rounded-md transition-colors ${size} ${tone}`;
}

export type IconButtonProps = Omit<ComponentProps<"button">, "children"> & {
  label: string;
  icon: ReactNode;
  /** Why it cannot act now; null or absent when it can. */
  unavailable?: string | null;
  shortcut?: string;
  /** Large enough for a finger. */
  touch?: boolean;
  danger?: boolean;
  /** Said instead of the label in the tooltip, where the row already gives the context. */
  hint?: string;
};

export function IconButton(props: IconButtonProps) {
  const {
    label,
    icon,
    unavailable = null,
    shortcut,
    touch = false,
    danger = false,
    hint,
    className = "",
    onClick,
    ...rest
  } = props;
  return (
    <Tooltip text={unavailable ?? hint ?? label} shortcut={unavailable === null ? shortcut : undefined}>
      <button
        type="button"
        aria-label={label}
        aria-disabled={unavailable !== null}
        className={`${iconButtonLook({ touch, danger, dead: unavailable !== null })} ${className}`}
        onClick={unavailable === null ? onClick : undefined}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
