import { expect, it } from "vitest";
import { rendered, type Mark } from "./rendered";
import type { LogLine } from "./logStore";

const red = "\x1b[0;31m";
const off = "\x1b[0m";
const line = (text: string, stream: LogLine["stream"] = "stdout"): LogLine => ({
  stream,
  text,
  plain: text,
  cells: text.length,
});
const mark = (at: number, length: number, active = false): Mark => ({ at, length, active });
const shown = (text: string, ...marks: Mark[]) => rendered(line(text), false, marks, { match: "<", active: "{" });

it.each<[string, string, Mark[], string]>([
  ["none", "abc", [], "abc"],
  ["one", "abc", [mark(1, 1)], `a<b${off}c`],
  ["the active one", "abc", [mark(0, 3, true)], `{abc${off}`],
  ["two side by side", "abab", [mark(0, 2), mark(2, 2, true)], `<ab${off}{ab${off}`],
  ["within a colour, which goes on after it", `${red}abc${off}d`, [mark(1, 1)], `${red}a<b${red}c${off}d`],
  ["across a colour's begin", `ab${red}cd${off}`, [mark(1, 2)], `a<b${red}<c${red}d${off}`],
  ["across a colour's end", `${red}ab${off}cd`, [mark(1, 2)], `${red}a<b${off}<c${off}d`],
  ["at a colour's begin", `ab${red}cd${off}`, [mark(2, 2)], `ab${red}<cd${red}${off}`],
])("marks %s", (_what, text, marks, wanted) => {
  expect(shown(text, ...marks)).toBe(wanted);
});

it("tells stderr apart where both are shown", () => {
  const trouble = line("no", "stderr");
  expect(rendered(trouble, true, [], { match: "<", active: "{" })).toContain("▎");
  expect(rendered(trouble, false, [], { match: "<", active: "{" })).toBe("no");
});
