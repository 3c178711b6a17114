import { expect, it } from "vitest";
import { everywhere, inLines, inList, inLogs, meaningOf, ofApp, scrolling } from "./keymap";

const press = (key: string, repeat = false) => ({ key, repeat });

it("a key means one thing where it is pressed", () => {
  for (const keys of [
    { ...everywhere, ...ofApp, ...inList, ...inLogs },
    { ...inLogs, ...scrolling, ...inLines },
  ]) {
    const all = Object.values<{ keys: readonly string[] }>(keys).flatMap((key) => [...key.keys]);
    expect(all).toHaveLength(new Set(all).size);
  }
});

it("held, it moves on but does nothing twice", () => {
  expect(meaningOf(inList, press("j", true))).toBe("next");
  expect(meaningOf(ofApp, press("Enter"))).toBe("open");
  expect(meaningOf(ofApp, press("Enter", true))).toBeNull();
  expect(meaningOf(inList, press("z"))).toBeNull();
});
