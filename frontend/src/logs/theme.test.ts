import { expect, it } from "vitest";
import { colourOfSource, contrast, looksOf, readable } from "./theme";

it.each([
  ["0;31", { color: "light-dark(#b3261e, #ff8079)" }],
  ["0;1;4;9;3", { fontWeight: 700, fontStyle: "italic", textDecorationLine: "underline line-through" }],
  ["0;38;5;196", { color: /^light-dark\(#d60000|light-dark\(/ }],
  ["0", {}],
])("%s", (parameters, looks) => {
  const { color, ...rest } = looks as { color?: string | RegExp };
  if (color instanceof RegExp) expect(looksOf(parameters).color).toMatch(color);
  else expect(looksOf(parameters)).toEqual(looks);
  expect(looksOf(parameters)).toMatchObject(rest);
});

it("can be read whatever a program asks for", () => {
  for (const parameters of [
    "0;30",
    "0;37",
    "0;97",
    "0;97;47",
    "0;30;40",
    "0;38;2;250;250;250",
    "0;38;5;16",
    "0;7",
    "0;7;33",
    "0;48;5;255",
  ]) {
    const { color = "light-dark(#1d222b, #d8dde5)", backgroundColor = "light-dark(#fbfcfd, #0a0d11)" } =
      looksOf(parameters);
    const [texts, grounds] = [color, backgroundColor].map((value) => value.match(/#[0-9a-f]{6}/g) ?? []);
    for (const i of [0, 1])
      expect(contrast(texts?.[i] ?? "", grounds?.[i] ?? ""), `${parameters} ${i}`).toBeGreaterThanOrEqual(4.5);
  }
});

it("leaves alone what can be read", () => {
  expect(readable("#0000ff", "#ffffff")).toBe("#0000ff");
  expect(contrast(readable("#eeeeee", "#ffffff"), "#ffffff")).toBeGreaterThanOrEqual(4.5);
});

it("gives apps colours of their own", () => {
  expect(new Set([0, 1, 2, 3, 4, 5].map(colourOfSource)).size).toBe(6);
});
