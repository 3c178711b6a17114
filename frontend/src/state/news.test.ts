import { describe, expect, it } from "vitest";
import { emptyFleet, withApp, withApps, withOperation } from "./fleet";
import { newsOf } from "./news";
import { anApp, anOperation, brokenBy } from "./testing";

const well = withApps(emptyFleet, [anApp({ id: "a", name: "otter" })]);
const titles = (before = well, after = well) => newsOf(before, after).map((one) => one.title);

describe("news", () => {
  it("are a crash and a broken page, when they happen", () => {
    const crashed = withApp(well, anApp({ id: "a", name: "otter", status: "errored", statusReason: "It exited." }));
    expect(newsOf(well, crashed)).toEqual([{ app: "a", title: "otter crashed", body: "It exited." }]);
    const broken = withApp(well, anApp({ id: "a", name: "otter", page: brokenBy() }));
    expect(titles(well, broken)).toEqual(["otter: its page is broken"]);
    const other = withApp(broken, anApp({ id: "a", name: "otter", page: brokenBy({ line: 9 }) }));
    expect(titles(broken, other)).toEqual([]);
  });

  it("are not what was so before anybody looked, nor what is well again", () => {
    const crashed = withApps(emptyFleet, [anApp({ id: "a", status: "errored" })]);
    expect(titles(emptyFleet, crashed)).toEqual([]);
    expect(titles(crashed, well)).toEqual([]);
    expect(titles(well, well)).toEqual([]);
  });

  it("are the end of a create, not its cancel, and not that of a template", () => {
    const end = (phase: "done" | "failed" | "cancelled", kind: "create" | "template" = "create") =>
      titles(well, withOperation(well, anOperation({ id: "n", name: "heron", phase, kind })));
    expect(end("done")).toEqual(["heron is created"]);
    expect(end("failed")).toEqual(["heron could not be created"]);
    expect(end("cancelled")).toEqual([]);
    expect(end("done", "template")).toEqual([]);
  });
});
