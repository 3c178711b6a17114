import { describe, expect, it } from "vitest";
import { emptyDraft, missingIn, origins, wantedOf } from "./draft";

describe("what is asked for", () => {
  it("nothing but the request, when nothing was filled in", () => {
    expect(wantedOf(emptyDraft, "r")).toEqual({ request: "r" });
    expect(wantedOf({ ...emptyDraft, name: "  ", notes: "\n" }, "r")).toEqual({ request: "r" });
  });

  it("only what belongs to the chosen origin, whatever was typed for another", () => {
    const typed = { ...emptyDraft, template: "shop", from: "abc", directory: " /projects/shop ", script: "dev:web" };
    expect(origins.map((origin) => wantedOf({ ...typed, origin }, "r"))).toEqual([
      { request: "r" },
      { request: "r", template: "shop" },
      { request: "r", from: "abc" },
      { request: "r", directory: "/projects/shop", script: "dev:web" },
    ]);
  });

  it("notes, category, name and lan with each of them", () => {
    const draft = { ...emptyDraft, name: " a ", category: " b ", notes: " two\nlines ", lan: true };
    expect(wantedOf(draft, "r")).toEqual({ request: "r", name: "a", category: "b", notes: "two\nlines", lan: true });
  });

  it("a take-over only when it is said", () => {
    const draft = { ...emptyDraft, origin: "folder" as const, directory: "/x" };
    expect(wantedOf(draft, "r")).not.toHaveProperty("takeOver");
    expect(wantedOf(draft, "r", true)).toMatchObject({ directory: "/x", takeOver: true });
  });
});

it("says what is missing before it is asked for", () => {
  expect(origins.map((origin) => missingIn({ ...emptyDraft, origin }))).toEqual([
    null,
    "Choose a template.",
    "Choose an app to fork.",
    "Say which folder.",
  ]);
  expect(missingIn({ ...emptyDraft, origin: "folder", directory: "/x" })).toBeNull();
});
