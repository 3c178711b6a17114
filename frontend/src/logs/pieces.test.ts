import { expect, it } from "vitest";
import { piecesOf, runsOf } from "./pieces";

const red = "\x1b[0;31mred\x1b[0m and plain";
const shown = (marks: { at: number; length: number; active: boolean }[], from = 0, to = 13) =>
  piecesOf("red and plain", runsOf(red), marks, [], from, to).map(({ text, style, mark }) => [
    text,
    style,
    mark?.active ?? null,
  ]);

it("a line is cut where its style changes", () => {
  expect(shown([])).toEqual([
    ["red", "0;31", null],
    [" and plain", "", null],
  ]);
});

it("and where a match begins and ends, in whatever style", () => {
  expect(shown([{ at: 1, length: 4, active: true }])).toEqual([
    ["r", "0;31", null],
    ["ed", "0;31", true],
    [" a", "", true],
    ["nd plain", "", null],
  ]);
});

it("a row is a part of it", () => {
  expect(shown([{ at: 1, length: 4, active: false }], 2, 6)).toEqual([
    ["d", "0;31", false],
    [" a", "", false],
    ["n", "", null],
  ]);
  expect(shown([], 13, 13)).toEqual([]);
});

it("carries links", () => {
  const link = { at: 4, length: 3, href: "http://a.example/", file: false };
  const pieces = piecesOf("red and plain", runsOf(red), [], [link], 0, 13);
  expect(pieces.map(({ text, link: on }) => [text, on !== null])).toEqual([
    ["red", false],
    [" ", false],
    ["and", true],
    [" plain", false],
  ]);
});
