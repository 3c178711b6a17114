import { expect, it } from "vitest";
import { createLogStore } from "./logStore";
import { textBetween } from "./selectionText";

const store = createLogStore();
store.append("stdout", `one\ttwo\n\x1b[31mred\x1b[0m line\n`);
store.notice("said by Berth");
store.append("stderr", `${"long ".repeat(50)}\nlast\nunder way`);
const text = (from: [number, number], to: [number, number], numbers = [0, 1, 2, 3, 4]) => {
  const end = store.end();
  const line = {
    source: 0,
    stream: "stderr" as const,
    text: "under way",
    plain: "under way",
    at: null,
    from: null,
    level: null,
    begins: null,
  };
  const unended = to[0] >= end ? [{ number: end, line }] : [];
  const within = numbers.filter((number) => number >= from[0] && number <= to[0]);
  return textBetween(
    within,
    (number) => store.at(number),
    unended,
    { line: from[0], at: from[1] },
    { line: to[0], at: to[1] },
  );
};

it.each<[[number, number], [number, number], string]>([
  [[0, 0], [0, 7], "one\ttwo"],
  [[0, 4], [0, 7], "two"],
  [[0, 4], [1, 3], "two\nred"],
  [[1, 4], [4, 2], `line\n${"long ".repeat(50)}\nla`],
  [[3, 5], [4, 0], `${"long ".repeat(49)}\n`],
  [[4, 0], [5, 5], "last\nunder"],
])("from %j to %j", (from, to, wanted) => {
  expect(text(from, to)).toBe(wanted);
});

it("only what is shown is copied", () => {
  expect(text([0, 0], [4, 4], [0, 4])).toBe("one\ttwo\nlast");
});
