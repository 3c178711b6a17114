import { describe, expect, it } from "vitest";
import { canPreview, mostPreviews, previewed } from "./previews";
import { anApp } from "./testing";

const seen = { status: "online", startedAt: 1_000, lastOpenedAt: 2_000 } as const;

describe("a preview", () => {
  it.each([
    [seen, true],
    [{ ...seen, lastOpenedAt: null }, false],
    [{ ...seen, lastOpenedAt: 900 }, false], // of a run before this one: nothing is compiled yet
    [{ ...seen, status: "launching" as const }, false],
    [{ ...seen, status: "stopped" as const }, false],
    [{ ...seen, status: "stopped" as const, asleep: true }, false],
    [{ ...seen, asleep: true }, false], // its port may be held already
    [{ ...seen, startedAt: null }, false],
    [{ ...seen, operation: "stopping" as const }, false],
  ])("of %j: %s", (fields, can) => {
    expect(canPreview(anApp({ id: "a", ...fields }))).toBe(can);
  });

  it("is shown of a few, in order, and of what is in sight", () => {
    const ids = Array.from({ length: 10 }, (_, i) => `a${i}`);
    const apps = Object.fromEntries(ids.map((id) => [id, anApp({ id, ...seen })]));
    expect(previewed(ids, new Set(ids), apps)).toEqual(ids.slice(0, mostPreviews));
    expect(previewed(ids, new Set(["a9", "a2", "gone"]), apps)).toEqual(["a2", "a9"]);
  });
});
