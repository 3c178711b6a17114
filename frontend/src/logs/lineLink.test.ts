import { expect, it } from "vitest";
import { linkedLine, linkTo } from "./lineLink";
import { createLogStore } from "./logStore";
import { linesOf } from "./testing";

it("a link leads to the line that it was made of", () => {
  const store = createLogStore();
  store.append("stderr", "one\ntwo\n", { at: null, from: 10 });
  const [, two] = linesOf(store);
  const link = two === undefined ? null : linkTo("http://localhost:3099", "k3v9q0x1ab", two);
  expect(link).toBe("http://localhost:3099/apps/k3v9q0x1ab/logs?line=stderr:14");
  expect(linkedLine(new URL(link ?? "").search)).toEqual({ stream: "stderr", byte: 14 });
});

it("there is none to a line whose place is not known", () => {
  const store = createLogStore();
  store.append("stdout", "polled\n");
  store.notice("said");
  expect(linesOf(store).map((line) => linkTo("http://localhost", "a", line))).toEqual([null, null]);
});

it.each(["", "?line=", "?line=stdout:x", "?line=stdout:-1", "?line=other:1", "?line=stdout:1;2"])(
  "%j asks for no line",
  (search) => {
    expect(linkedLine(search)).toBeNull();
  },
);
