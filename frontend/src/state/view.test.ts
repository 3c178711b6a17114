import { expect, it } from "vitest";
import { createViewStore, initialView } from "./view";

function storage(text: string | null) {
  const kept = { text };
  return { kept, getItem: () => kept.text, setItem: (_: string, value: string) => void (kept.text = value) };
}

it("what somebody chose once is there on the next visit, and where they were is not", () => {
  const first = storage(null);
  const view = createViewStore(first);
  view.update((v) => ({ ...v, theme: "dark", editor: "cursor", pinned: { a: true }, search: "otter", current: "a" }));
  expect(createViewStore(first).get()).toEqual({
    ...initialView,
    theme: "dark",
    editor: "cursor",
    pinned: { a: true },
  });
});

it("what another version wrote is left out, field by field", () => {
  const text = JSON.stringify({
    theme: "sepia",
    sort: { key: "beauty" },
    dock: "tall",
    editor: 3,
    grouped: false,
    place: {},
  });
  expect(createViewStore(storage(text)).get()).toEqual({ ...initialView, grouped: false });
  for (const other of ["", "[", "null", "7"]) expect(createViewStore(storage(other)).get()).toEqual(initialView);
});
