import { expect, it } from "vitest";
import { editorUrl, folderOf } from "./folder";

it("an app's folder is below the root, an adopted one where it is", () => {
  expect(folderOf({ directory: "./created-apps/a" }, "/home/ada/berth/")).toBe("/home/ada/berth/created-apps/a");
  expect(folderOf({ directory: "/src/shop" }, null)).toBe("/src/shop");
  expect(folderOf({ directory: "./created-apps/a" }, null)).toBeNull();
});

it("an editor is told the file, the line and the column", () => {
  expect(editorUrl("vscode", "/src/shop")).toBe("vscode://file/src/shop");
  expect(editorUrl("cursor", "/a b/#1/page.tsx", { line: 3, column: 4 })).toBe("cursor://file/a%20b/%231/page.tsx:3:4");
  expect(editorUrl("vscode", "/a.ts", { line: 3, column: null })).toBe("vscode://file/a.ts:3");
  expect(editorUrl("vscode", "/a.ts", { line: null, column: 4 })).toBe("vscode://file/a.ts");
});
