import { describe, expect, it } from "vitest";
import { emptyFleet, withApps } from "./fleet";
import { iconOf, titleOf } from "./headline";
import { anApp, brokenBy } from "./testing";

const live = { ...emptyFleet, connection: { state: "live", asOf: 0 } as const };
const well = withApps(live, [anApp({ id: "a", name: "otter" })]);
const bad = withApps(live, [
  anApp({ id: "a", name: "otter", page: brokenBy() }),
  anApp({ id: "b", status: "errored" }),
]);

const resting = withApps(live, [anApp({ id: "c", name: "heron", status: "stopped", asleep: true, statusReason: "…" })]);

describe("the tab", () => {
  it("says where the page is and how many have trouble", () => {
    expect(titleOf({ page: "list" }, well)).toBe("Apps · Berth");
    expect(titleOf({ page: "list" }, bad)).toBe("(2) Apps · Berth");
    expect(titleOf({ page: "app", id: "a", tab: "overview" }, bad)).toBe("(2) otter: page broken · Berth");
    expect(titleOf({ page: "app", id: "a", tab: "logs" }, well)).toBe("Logs of otter · Berth");
    expect(titleOf({ page: "app", id: "c", tab: "overview" }, resting)).toBe("heron: asleep · Berth");
    expect(titleOf({ page: "app", id: "x", tab: "logs" }, well)).toBe("No such app · Berth");
    expect(titleOf({ page: "app", id: "x", tab: "logs" }, emptyFleet)).toBe("App · Berth");
  });

  it("shows the worst in its icon, and that nothing is known while offline", () => {
    expect(iconOf(well)).toBe("/favicon.svg");
    expect(iconOf(resting)).toBe("/favicon.svg");
    expect(iconOf(bad)).toBe("/favicon-trouble.svg");
    expect(iconOf(withApps(live, [anApp({ id: "a", status: "unknown" })]))).toBe("/favicon-warning.svg");
    expect(iconOf({ ...bad, connection: { state: "offline", asOf: null } })).toBe("/favicon-away.svg");
  });
});
