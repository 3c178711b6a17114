import { describe, expect, it } from "vitest";
import { anApp, brokenBy } from "./testing";
import { positionOf, shortFile, troubleOf, wordsOf, worstOf } from "./trouble";

const broken = (fields = {}, errors = 1) => anApp({ id: "a", page: brokenBy(fields, errors) });

describe("what is wrong", () => {
  it("is a crash, a broken page, or that nothing is known", () => {
    expect(troubleOf(anApp({ id: "a" }))).toBeNull();
    expect(troubleOf(anApp({ id: "a", status: "stopped" }))).toBeNull();
    expect(troubleOf(anApp({ id: "a", status: "errored" }))).toBe("crashed");
    expect(troubleOf(anApp({ id: "a", status: "unknown" }))).toBe("lost");
    expect(troubleOf(broken())).toBe("broken");
    // What it said before it went is no state of now.
    expect(troubleOf({ ...broken(), status: "stopped" })).toBeNull();
  });

  it.each([
    [broken(), "Page broken: src/app/page.tsx:70 Expression expected"],
    [broken({}, 3), "Page broken: src/app/page.tsx:70 Expression expected (and 2 more)"],
    [broken({ line: null }), "Page broken: src/app/page.tsx Expression expected"],
    [broken({ file: null }), "Page broken: Expression expected"],
    [
      broken({ file: "packages/shop/src/app/(store)/checkout/page.tsx" }),
      "Page broken: …/app/(store)/checkout/page.tsx:70 Expression expected",
    ],
    [anApp({ id: "a", status: "errored", statusReason: "It exited with code 3." }), "It exited with code 3."],
    [anApp({ id: "a" }), null],
  ])("is said in one line %#", (app, words) => {
    expect(wordsOf(app)).toBe(words);
  });

  it("a broken page without a first error is still broken", () => {
    const page = { ...broken().page, first: null } as ReturnType<typeof brokenBy>;
    expect(wordsOf({ ...broken(), page })).toBe("Page broken");
  });

  it("the end of a path is what tells files apart", () => {
    expect(shortFile("src/app/page.tsx")).toBe("src/app/page.tsx");
    expect(shortFile("a".repeat(60))).toBe(`…/${"a".repeat(60)}`);
  });

  it("a position is as exact as it is known", () => {
    const issue = { title: "", frame: null };
    expect(positionOf({ ...issue, file: "a.ts", line: 3, column: 4 })).toBe("a.ts:3:4");
    expect(positionOf({ ...issue, file: "a.ts", line: null, column: 4 })).toBe("a.ts");
    expect(positionOf({ ...issue, file: null, line: 3, column: 4 })).toBe("");
  });

  it("of all apps, the worst counts", () => {
    const apps = { a: broken(), b: anApp({ id: "b", status: "errored" }), c: anApp({ id: "c" }) };
    expect(worstOf({ apps })).toEqual({ worst: "crashed", count: 2 });
    expect(worstOf({ apps: { c: apps.c } })).toEqual({ worst: null, count: 0 });
  });
});
