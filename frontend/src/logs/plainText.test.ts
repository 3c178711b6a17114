import { beforeEach, describe, expect, it } from "vitest";
import { countShown, LogLayout } from "./logLayout";
import { createLogStore, type LogStore } from "./logStore";
import { selectedText, spokenText } from "./plainText";

let log: LogStore;
const layoutOf = (filter: "both" | "stdout" = "both", columns = 10) => {
  const layout = new LogLayout(log, filter, columns);
  layout.take(log.end());
  return layout;
};

beforeEach(() => {
  log = createLogStore();
  log.append("stdout", "first\n");
  log.append("stderr", "\x1b[31mtrouble that is long\x1b[0m\n"); // rows 1 to 3, after the mark of stderr
  log.append("stdout", "漢字 last\n"); // row 4
});

describe("what is copied", () => {
  it.each([
    [[0, 0], [5, 0], "first\ntrouble that is long\n漢字 last"],
    [[0, 2], [1, 4], "rst\ntro"],
    [[1, 0], [3, 10], "trouble that is long"],
    [[1, 1], [1, 8], "trouble"],
    [[2, 0], [2, 4], "hat "],
    [[4, 0], [4, 2], "漢"],
    [[4, 2], [4, 4], "字"],
    [[0, 0], [0, 99], "first"],
  ] as const)("from %j to %j is %j", (from, to, text) => {
    expect(selectedText(log, layoutOf(), [], from, to)).toBe(text);
  });

  it("is whole, though only a part of it can be seen at a time", () => {
    for (let i = 0; i < 5_000; i++) log.append("stdout", `line ${i}\n`);
    const layout = layoutOf();
    const text = selectedText(log, layout, [], [0, 0], [layout.endRow(), 0]);
    expect(text.split("\n")).toHaveLength(5_003);
    expect(text.endsWith("line 4999")).toBe(true);
  });

  it("has lines without an end too, and not their styles", () => {
    expect(selectedText(log, layoutOf(), ["\x1b[32mstill goes\x1b[0m"], [4, 0], [5, 5])).toBe("漢字 last\nstill");
    expect(selectedText(log, layoutOf(), ["still goes"], [5, 6], [5, 10])).toBe("goes");
  });
});

it("what is read out is the text, with the stream that only a colour tells", () => {
  expect(spokenText(log, layoutOf(), [], 0, 2)).toBe("first\nstderr: trouble that is long");
  expect(spokenText(log, layoutOf("stdout"), ["goes\x1b[0m"], 0, 9)).toBe("first\n漢字 last\ngoes");
});

it("only lines that the filter shows count as new", () => {
  expect(countShown(log, 0, log.end(), "both")).toBe(3);
  expect(countShown(log, 1, log.end(), "stdout")).toBe(1);
  expect(countShown(log, 0, log.end(), "stderr")).toBe(1);
});
