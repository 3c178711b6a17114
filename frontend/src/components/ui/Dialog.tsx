// Modal dialogs on Radix: it keeps the focus inside, closes on Escape and gives the focus back.
import * as Alert from "@radix-ui/react-alert-dialog";
import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button";
import { useReturnFocus } from "./useReturnFocus";

const overlay = "fixed inset-0 z-40 bg-black/45 backdrop-blur-[1px]";
const panel =
  "fixed z-40 flex max-h-[85dvh] flex-col rounded-xl border border-line bg-surface shadow-pop animate-rise outline-none " +
  "left-1/2 top-[12dvh] w-[calc(100vw-24px)] -translate-x-1/2";

interface DialogProps {
  title: string;
  description?: string;
  onClose: () => void;
  children: ReactNode;
  width?: string;
  testId?: string;
}

export function Dialog({ title, description, onClose, children, width = "max-w-lg", testId }: DialogProps) {
  const onCloseAutoFocus = useReturnFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={overlay} />
        <Radix.Content
          className={`${panel} ${width}`}
          data-testid={testId}
          onCloseAutoFocus={onCloseAutoFocus}
          {...(description === undefined && { "aria-describedby": undefined })}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-1">
            <div className="min-w-0 grow">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-0.5 text-ink-2">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close asChild>
              <button
                type="button"
                aria-label="Close"
                className="-mr-2 inline-flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
              >
                <X size={16} aria-hidden />
              </button>
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  title: string;
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm({ title, children, confirm, danger = false, onConfirm, onClose }: ConfirmProps) {
  const onCloseAutoFocus = useReturnFocus();
  return (
    <Alert.Root open onOpenChange={(open) => !open && onClose()}>
      <Alert.Portal>
        <Alert.Overlay className={overlay} />
        <Alert.Content className={`${panel} max-w-md`} data-testid="confirm-dialog" onCloseAutoFocus={onCloseAutoFocus}>
          <Alert.Title className="px-5 pt-4 text-base font-semibold break-words">{title}</Alert.Title>
          <Alert.Description asChild>
            <div className="overflow-y-auto px-5 py-2 text-ink-2">{children}</div>
          </Alert.Description>
          <footer className="flex justify-end gap-2 px-5 pt-2 pb-4">
            <Alert.Cancel asChild>
              <Button>Cancel</Button>
            </Alert.Cancel>
            <Alert.Action asChild>
              <Button variant={danger ? "danger" : "primary"} onClick={onConfirm}>
                {confirm}
              </Button>
            </Alert.Action>
          </footer>
        </Alert.Content>
      </Alert.Portal>
    </Alert.Root>
  );
}
