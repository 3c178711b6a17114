import { expect, it } from "vitest";
import { notifier, onFirstMessage, showMessages } from "./messages";

it("what is said before anybody can show it waits, and wakes who can", () => {
  let woken = 0;
  const end = onFirstMessage(() => woken++);
  notifier.failed("one", "why");
  expect(woken).toBe(1);
  const seen: string[] = [];
  const gone = showMessages(({ tone, title, detail }) => void seen.push(`${tone} ${title} ${detail ?? ""}`));
  notifier.done("two");
  expect(seen).toEqual(["error one why", "success two "]);
  gone();
  notifier.warn("three", "later");
  end();
  showMessages(({ title }) => void seen.push(title))();
  expect(seen.at(-1)).toBe("three");
});
