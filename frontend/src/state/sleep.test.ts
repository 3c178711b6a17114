import { describe, expect, it } from "vitest";
import { bedtimeOf, canOpen, idsToSleep, idsToWake, isAsleep, outlookOf, standingOf } from "./sleep";
import { anApp, brokenBy } from "./testing";

const sleeping = { status: "stopped", asleep: true, pid: 0 } as const;
const rule = (afterSeconds: number | null, memoryFloorPercent: number) => ({
  ...{ afterSeconds, memoryFloorPercent },
  asleep: 0,
});

describe("an app", () => {
  it.each([
    [sleeping, "asleep", true],
    [{ ...sleeping, operation: "waking" as const }, "asleep", true], // as long as its port is held
    [{ status: "online" as const, asleep: true, operation: "sleeping" as const }, "online", true], // it lives still
    [{ status: "launching" as const, operation: "waking" as const }, "launching", false],
    [{ status: "stopped" as const, pid: 0 }, "stopped", false],
    [{ page: brokenBy() }, "broken", true],
  ])("%j is %s", (fields, standing, opens) => {
    const app = anApp({ id: "a", ...fields });
    expect(standingOf(app)).toBe(standing);
    expect(isAsleep(app)).toBe(standing === "asleep");
    expect(canOpen(app)).toBe(opens);
  });

  it("is put to sleep if it runs, and woken if it sleeps", () => {
    const apps = [
      anApp({ id: "online" }),
      anApp({ id: "launching", status: "launching", pid: 0 }),
      anApp({ id: "kept", keepAwake: true }),
      anApp({ id: "falls asleep", asleep: true, operation: "sleeping" }),
      anApp({ id: "stopped", status: "stopped", pid: 0 }),
      anApp({ id: "sleeps", ...sleeping }),
      anApp({ id: "kept, sleeps", ...sleeping, keepAwake: true }),
    ];
    expect(idsToSleep(apps, false)).toEqual(["online", "launching"]);
    expect(idsToSleep(apps, true)).toEqual(["online", "launching", "kept"]);
    expect(idsToWake(apps)).toEqual(["sleeps", "kept, sleeps"]);
  });
});

describe("when it sleeps", () => {
  it.each([
    [
      rule(3_600, 10),
      "when nobody had it open for 1 h, when less than 10 % of the memory is left, or to make room for another",
    ],
    [rule(1_800, 0), "when nobody had it open for 30 min, or to make room for another"],
    [rule(90, 0), "when nobody had it open for 1m 30s, or to make room for another"],
    [rule(null, 5), "when less than 5 % of the memory is left, or to make room for another"],
    [rule(null, 0), "to make room for another"],
  ])("%j is said", (given, words) => {
    expect(bedtimeOf(given)).toBe(words);
    expect(outlookOf(false, given)).toBe(`It is put to sleep ${words}. It wakes when it is opened.`);
  });

  it("is when somebody says so, for one that is kept awake", () => {
    expect(outlookOf(true, rule(3_600, 10))).toBe("It sleeps only when somebody puts it to sleep.");
    expect(outlookOf(false, undefined)).toMatch(/for long\. It wakes when it is opened\.$/);
  });
});
