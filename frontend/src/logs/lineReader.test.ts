import { describe, expect, it } from "vitest";
import { freshState, partialOf, readLines } from "./lineReader";

const lines = (...pieces: string[]) => {
  const state = { ...freshState };
  return pieces.flatMap((piece) => readLines(state, piece)).map((line) => line.text);
};
const ESC = "\x1b";

describe("lines", () => {
  it.each<[string, string[], string[]]>([
    ["end at a newline", ["a\nb\n"], ["a", "b"]],
    ["may come in pieces", ["a", "b\nc", "\n"], ["ab", "c"]],
    ["take CR LF for one end", ["a\r\nb\r", "\nc\n"], ["a", "b", "c"]],
    ["begin anew after a carriage return", ["10%\r50%\r100%\n"], ["100%"]],
    ["begin anew after clearing the line", [`old${ESC}[2K${ESC}[1Gnew\n`], ["new"]],
    ["keep tabs, but no bells and backspaces", ["a\tb\x07\x08c\x00\n"], ["a\tbc"]],
    ["keep every script, and what lies outside the BMP", ["héllo 漢字 🚢\n"], ["héllo 漢字 🚢"]],
    ["show that a bidi override was there", ["abc\u202egnp.exe\n"], ["abc\ufffdgnp.exe"]],
  ])("%s", (_what, given, wanted) => {
    expect(lines(...given)).toEqual(wanted);
  });

  it("of endless length are broken", () => {
    const [first, second] = lines(`${"x".repeat(20_000)}\n`);
    expect(first).toHaveLength(16_384);
    expect(second).toHaveLength(20_000 - 16_384);
  });

  it("have their bare text beside them", () => {
    const state = { ...freshState };
    const read = readLines(state, `a${ESC}[31mb\tc${ESC}[0m\nplain\n`);
    expect(read.map((line) => line.plain)).toEqual(["ab\tc", "plain"]);
  });

  it("tell where in the piece each ended", () => {
    const state = { ...freshState };
    readLines(state, "begun");
    expect(readLines(state, " here\nnext\nrest").map((line) => line.end)).toEqual([6, 11]);
  });

  it("not ended yet can be seen", () => {
    const state = { ...freshState };
    readLines(state, "a\nunder w");
    expect(partialOf(state)).toBe("under w");
  });
});

describe("colours", () => {
  it("stay within a line, and go on in the next", () => {
    expect(lines(`${ESC}[31mred\nstill\n${ESC}[0mplain\n`)).toEqual([
      `${ESC}[0;31mred${ESC}[0m`,
      `${ESC}[0;31mstill${ESC}[0m`,
      `${ESC}[0;31m${ESC}[0mplain`,
    ]);
  });

  it.each([
    ["1;31", "0;1;31"],
    ["38;5;208", "0;38;5;208"],
    ["38;2;1;2;3;1", "0;1;38;2;1;2;3"],
    ["48:2:9:8:7", "0;48;2;9;8;7"],
    ["2", "0;90"],
    ["97;44", "0;97;44"],
  ])("%s is kept", (given, written) => {
    expect(lines(`${ESC}[${given}mx\n`)).toEqual([`${ESC}[${written}mx${ESC}[0m`]);
  });

  it.each(["5", "8", "38;2;999;0;0", "38;5", "12345678901"])("%s is not honoured", (given) => {
    expect(lines(`${ESC}[${given}mx\n`)).toEqual([`${ESC}[0mx`]);
  });

  it("survive a cut anywhere in the sequence", () => {
    const whole = `a${ESC}[1;32mb${ESC}[0mc\n`;
    for (let at = 0; at <= whole.length; at++) {
      expect(lines(whole.slice(0, at), whole.slice(at))).toEqual(lines(whole));
    }
  });
});

describe("what a terminal would obey", () => {
  it.each([
    ["a title", `${ESC}]0;title\x07`],
    ["a link", `${ESC}]8;;http://evil.example${ESC}\\`],
    ["the clipboard", `${ESC}]52;c;ZXZpbA==\x07`],
    ["a device string", `${ESC}P$q"p${ESC}\\`],
    ["clearing the screen", `${ESC}[2J${ESC}[3J${ESC}[H`],
    ["moving the cursor", `${ESC}[10A${ESC}[5;5H${ESC}[s${ESC}[u`],
    ["the other screen", `${ESC}[?1049h${ESC}[?25l`],
    ["a query", `${ESC}[6n${ESC}[c${ESC}Z`],
    ["a reset", `${ESC}c${ESC}[!p`],
    ["a charset", `${ESC}(0`],
    ["eight-bit controls", "\x9b2J\x9d0;t\x07"],
    ["private colours", `${ESC}[>4;1m${ESC}[?1m`],
  ])("%s is dropped", (_what, sequence) => {
    expect(lines(`a${sequence}b\n`)).toEqual(["ab"]);
  });

  it("unfinished, swallows no more than its line", () => {
    expect(lines(`a${ESC}]0;never ends\nb\n`)).toEqual(["a", "b"]);
  });
});
