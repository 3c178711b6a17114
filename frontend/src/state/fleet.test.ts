import { describe, expect, it } from "vitest";
import {
  applyMessage,
  conditionOf,
  emptyFleet,
  newVersion,
  underWay,
  visibleOperations,
  withApps,
  withHealth,
  withPending,
} from "./fleet";
import { anApp, anOperation, someHealth } from "./testing";

const a = anApp({ id: "a", createdAt: "2026-01-02T00:00:00Z" });
const b = anApp({ id: "b", createdAt: "2026-01-01T00:00:00Z" });
const start = applyMessage(emptyFleet, { type: "snapshot", revision: 5, apps: [a, b], operations: [], problems: [] });

describe("messages of the socket", () => {
  it("a snapshot is everything", () => {
    expect(start).toMatchObject({ loaded: true, revision: 5, order: ["a", "b"] });
  });

  it("an older revision is ignored, whatever it says", () => {
    expect(applyMessage(start, { type: "app", revision: 4, app: { ...a, status: "stopped" } })).toBe(start);
    expect(applyMessage(start, { type: "removed", revision: 4, id: "a" })).toBe(start);
    expect(applyMessage(start, { type: "snapshot", revision: 4, apps: [], operations: [], problems: [] })).toBe(start);
  });

  it("a change replaces that app only", () => {
    const next = applyMessage(start, { type: "app", revision: 6, app: { ...a, status: "stopped" } });
    expect(next.apps["a"]?.status).toBe("stopped");
    expect(next.apps["b"]).toBe(start.apps["b"]);
    expect(next.order).toBe(start.order);
  });

  it("an app that says the same keeps its object, so that its row does not render", () => {
    const next = applyMessage(start, {
      type: "snapshot",
      revision: 6,
      apps: [{ ...a }, { ...b }],
      operations: [],
      problems: [],
    });
    expect(next.apps["a"]).toBe(start.apps["a"]);
  });

  it("a new app takes its place by age", () => {
    const c = anApp({ id: "c", createdAt: "2026-01-03T00:00:00Z" });
    expect(applyMessage(start, { type: "app", revision: 6, app: c }).order).toEqual(["c", "a", "b"]);
  });

  it("a removed app is gone", () => {
    const next = applyMessage(start, { type: "removed", revision: 6, id: "a" });
    expect(next.order).toEqual(["b"]);
    expect(next.apps).not.toHaveProperty("a");
  });
});

describe("operations", () => {
  const running = applyMessage(start, { type: "operation", operation: anOperation({ id: "n" }) });

  it("are shown until their app is there", () => {
    expect(visibleOperations(running).map((one) => one.id)).toEqual(["n"]);
    const next = applyMessage(running, { type: "app", revision: 6, app: anApp({ id: "n" }) });
    expect(visibleOperations(next)).toEqual([]);
  });

  it.each(["done", "failed", "cancelled"] as const)("%s ends one, and is remembered", (phase) => {
    const next = applyMessage(running, { type: "operation", operation: anOperation({ id: "n", phase }) });
    expect(next.operations).toEqual([]);
    expect(next.ended.map((one) => one.phase)).toEqual([phase]);
  });
});

describe("what is under way", () => {
  it("is the server's word, else what was asked here", () => {
    const asked = withPending(start, ["a"], "stopping");
    expect(underWay(asked, "a")).toBe("stopping");
    expect(underWay(asked, "b")).toBeNull();
    const told = withApps(asked, [{ ...a, operation: "deleting" }, b]);
    expect(underWay(told, "a")).toBe("deleting");
  });
});

describe("how Berth is", () => {
  const well = withHealth({ ...start, connection: { state: "live", asOf: null } }, someHealth);
  const problem = { code: "pm2_unavailable", detail: "pm2 does not answer." };

  it.each([
    [well, "well"],
    [{ ...well, problems: [problem] }, "trouble"],
    [withHealth(well, { ...someHealth, status: "degraded" }), "trouble"],
    [{ ...well, connection: { state: "offline", asOf: 1 } as const }, "silent"],
    [{ ...well, connection: { state: "connecting", asOf: 1 } as const }, "asking"],
    [emptyFleet, "asking"],
  ])("is what is known now (%#)", (fleet, condition) => {
    expect(conditionOf(fleet)).toBe(condition);
  });

  it("a server of another version than the page's is noticed, and one restarted is not", () => {
    expect(newVersion(emptyFleet)).toBeNull();
    expect(newVersion(withHealth(well, someHealth))).toBeNull();
    expect(newVersion(withHealth(well, { ...someHealth, version: "0.2.0" }))).toBe("0.2.0");
  });
});
