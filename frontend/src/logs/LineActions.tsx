// What can be done with the chosen line, at its right end.
import { Copy, Link, X } from "lucide-react";
import { IconButton } from "@/components/ui/Button";
import { hintOf, inLines } from "@/keymap";

interface Props {
  /** Of the line, in pixels from the top of the view. */
  top: number;
  onCopyLine: () => void;
  onCopyLink: () => void;
  onClose: () => void;
}

export function LineActions({ top, onCopyLine, onCopyLink, onClose }: Props) {
  return (
    <div
      role="group"
      aria-label="The chosen line"
      data-testid="line-actions"
      style={{ top: Math.max(2, top - 5) }}
      className="absolute right-5 z-10 flex rounded-md border border-line-strong bg-surface shadow-pop"
    >
      <IconButton
        label="Copy the line"
        icon={<Copy size={14} />}
        shortcut={hintOf(inLines.copyLine) ?? ""}
        onClick={onCopyLine}
      />
      <IconButton
        label="Copy a link to the line"
        icon={<Link size={14} />}
        shortcut={hintOf(inLines.copyLink) ?? ""}
        onClick={onCopyLink}
      />
      <IconButton label="Choose no line" icon={<X size={14} />} onClick={onClose} />
    </div>
  );
}
