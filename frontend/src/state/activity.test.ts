import { describe, expect, it } from "vitest";
import type { ActivityEntry } from "@/api/types";
import { daysOf, noStory, withHeard, withNewest, withOlder } from "./activity";

const entry = (id: number, app: string | null = "a", at = id): ActivityEntry => ({
  ...{ id, at, app, name: app },
  kind: "online",
  text: `happened ${id}`,
});
const page = (ids: number[], before: number | null) => ({ entries: ids.map((id) => entry(id)), before });
const idsOf = ({ entries }: { entries: readonly ActivityEntry[] }) => entries.map(({ id }) => id);

describe("what happened", () => {
  it("is gathered page by page, each once, newest first", () => {
    const first = withNewest(noStory, page([9, 8, 7], 7));
    const all = withOlder(first, page([6, 5], null));
    expect(idsOf(all)).toEqual([9, 8, 7, 6, 5]);
    expect(all.before).toBeNull();
  });

  it("what the socket says comes on top, once, and only of the app that is asked for", () => {
    const first = withNewest(noStory, page([2, 1], null));
    const heard = [entry(4, "b"), entry(3), entry(2)];
    expect(idsOf(withHeard(first, heard, null))).toEqual([4, 3, 2, 1]);
    expect(idsOf(withHeard(first, heard, "a"))).toEqual([3, 2, 1]);
    expect(withHeard(noStory, heard, null)).toBe(noStory);
    const known = withHeard(first, heard, null);
    expect(withHeard(known, heard, null)).toBe(known);
  });

  it("after a time away, the newest page joins what is known, or takes its place where something may be missing", () => {
    const known = withOlder(withNewest(noStory, page([9, 8, 7], 7)), page([6, 5, 4], 4));
    const joined = withNewest(known, page([11, 10, 9], 9));
    expect(idsOf(joined)).toEqual([11, 10, 9, 8, 7, 6, 5, 4]);
    expect(joined.before).toBe(4);
    const apart = withNewest(known, page([30, 29, 28], 28));
    expect(idsOf(apart)).toEqual([30, 29, 28]);
    expect(apart.before).toBe(28);
    expect(idsOf(withNewest(known, page([10], null)))).toEqual([10, 9, 8, 7, 6, 5, 4]);
  });

  it("a page that reaches further back says where to go on", () => {
    const short = withNewest(noStory, page([9], 9));
    expect(withNewest(short, page([9, 8, 7], 7)).before).toBe(7);
  });

  it("stands under its day", () => {
    const noon = new Date(2026, 10, 28, 12).getTime();
    const days = daysOf([entry(3, "a", noon), entry(2, "a", noon - 1000), entry(1, "a", noon - 86_400_000)]);
    expect(days.map((day) => idsOf(day))).toEqual([[3, 2], [1]]);
    expect(new Date(days[0]?.start ?? 0).getHours()).toBe(0);
  });
});
