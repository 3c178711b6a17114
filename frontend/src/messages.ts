// Messages in a corner. The library that draws them is no part of the first load: what is said before it is there waits.
import type { Notifier } from "@/state/actions";

export interface Message {
  tone: "success" | "warning" | "error";
  title: string;
  detail: string | undefined;
}

/** Beyond it, the oldest are not said: nobody reads more. */
const mostWaiting = 20;

let waiting: Message[] = [];
let show: ((message: Message) => void) | null = null;
let wanted: (() => void) | null = null;

/** `wake`: called when there is something to show and nobody shows it. Returns what is to be called at the end. */
export function onFirstMessage(wake: () => void): () => void {
  wanted = wake;
  if (waiting.length > 0) wake();
  return () => {
    wanted = null;
  };
}

export function showMessages(by: (message: Message) => void): () => void {
  show = by;
  for (const message of waiting) by(message);
  waiting = [];
  return () => {
    show = null;
  };
}

function say(tone: Message["tone"]) {
  return (title: string, detail?: string) => {
    const message = { tone, title, detail };
    if (show !== null) {
      show(message);
      return;
    }
    waiting = [...waiting, message].slice(-mostWaiting);
    wanted?.();
  };
}

export const notifier: Notifier = { done: say("success"), warn: say("warning"), failed: say("error") };
