import { describe, expect, it } from "vitest";
import { absolute, linksIn } from "./links";

const shown = (line: string, folder: string | null = "/apps/one") =>
  linksIn(line, folder, "vscode").map(({ at, length, href }) => [line.slice(at, at + length), href]);

describe("addresses", () => {
  it.each<[string, string[][]]>([
    ["Local: http://localhost:3100", [["http://localhost:3100", "http://localhost:3100/"]]],
    ["see https://a.example/x?y=1#z.", [["https://a.example/x?y=1#z", "https://a.example/x?y=1#z"]]],
    ["(https://a.example/b_(c))", [["https://a.example/b_(c)", "https://a.example/b_(c)"]]],
    [
      "http://a.example, http://b.example",
      [
        ["http://a.example", "http://a.example/"],
        ["http://b.example", "http://b.example/"],
      ],
    ],
    ["javascript:alert(1) data:text/html,x ftp://a.example", []],
    ["http://", []],
    ['<http://a.example/"onmouseover=x>', [["http://a.example/", "http://a.example/"]]],
    [
      "http://localhost:3100/src/app.ts:3",
      [["http://localhost:3100/src/app.ts:3", "http://localhost:3100/src/app.ts:3"]],
    ],
  ])("%s", (line, wanted) => {
    expect(shown(line)).toEqual(wanted);
  });
});

describe("places in files", () => {
  it.each<[string, string[][]]>([
    ["./src/app/page.tsx:70:18", [["./src/app/page.tsx:70:18", "vscode://file/apps/one/src/app/page.tsx:70:18"]]],
    ["    at run (/a/b/x.ts:1:2)", [["/a/b/x.ts:1:2", "vscode://file/a/b/x.ts:1:2"]]],
    ["at file:///a/x.mjs:7:1", [["file:///a/x.mjs:7:1", "vscode://file/a/x.mjs:7:1"]]],
    [
      "src/(shop)/[id]/page.tsx:3",
      [["src/(shop)/[id]/page.tsx:3", "vscode://file/apps/one/src/(shop)/%5Bid%5D/page.tsx:3"]],
    ],
    ["src/x.ts(3,5): error TS1", [["src/x.ts(3,5)", "vscode://file/apps/one/src/x.ts:3:5"]]],
    ["12:30:05 GET / 200", []],
    ["v1.2:3 example.com:80", []],
  ])("%s", (line, wanted) => {
    expect(shown(line)).toEqual(wanted);
  });

  it("that are relative need a folder", () => {
    expect(shown("src/x.ts:1", null)).toEqual([]);
    expect(shown("/src/x.ts:1", null)).toHaveLength(1);
  });

  it("open in the editor that was chosen", () => {
    expect(linksIn("/a.ts:1", null, "cursor")[0]?.href).toBe("cursor://file/a.ts:1");
  });
});

it.each([
  ["./a/../b.ts", "/f", "/f/b.ts"],
  ["../../../b.ts", "/f", "/b.ts"],
  ["/x//y.ts", null, "/x/y.ts"],
  ["C:/x.ts", "/f", null],
  ["x.ts", null, null],
])("%s from %s is %s", (path, folder, wanted) => {
  expect(absolute(path, folder)).toBe(wanted);
});
