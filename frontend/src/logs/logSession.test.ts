import { beforeEach, describe, expect, it } from "vitest";
import { FakeWorld, settled } from "@/state/testing";
import { continuation, createLogSession, withoutBytes } from "./logSession";
import { createLogStore, type LogStore } from "./logStore";
import { linesOf } from "./testing";

let store: LogStore;
let world: FakeWorld;
let answer: { stdout: string; stderr: string };
let session: ReturnType<typeof createLogSession>;
const texts = () => linesOf(store).map((line) => line.text);
const log = (from: number, text: string, to = from + text.length) =>
  session.message({ type: "log", id: "a", stream: "stdout", from, to, text });
/** The tails are whole: both streams told, and a moment of quiet. */
const caughtUp = async () => {
  session.message({ type: "log", id: "a", stream: "stderr", from: 0, to: 0, text: "" });
  await world.pass(60);
};

beforeEach(() => {
  store = createLogStore();
  world = new FakeWorld();
  answer = { stdout: "", stderr: "" };
  const api = { logs: () => Promise.resolve({ ok: true as const, value: answer }) };
  session = createLogSession("a", store, api, (ms, task) => world.after(ms, task));
});

it.each([
  ["abc", 1, "bc"],
  ["é1", 2, "1"],
  ["é1", 1, "é1"],
  ["abc", 3, ""],
])("%s without %i bytes is %s", (text, bytes, rest) => {
  expect(withoutBytes(text, bytes)).toBe(rest);
});

it.each([
  ["", "abc", "abc"],
  ["abc", "abcdef", "def"],
  ["bc", "abcabcd", "d"],
  ["xxabc", "abc", ""],
  ["abc", "xyz", null],
])("after %j, %j brings %j", (tail, text, more) => {
  expect(continuation(tail, text)).toBe(more);
});

describe("over the socket", () => {
  it("asks for the tail first, and resumes by offsets after that", async () => {
    expect(session.request()).toMatchObject({ type: "follow", id: "a", tailBytes: 262_144 });
    log(100, "one\n");
    await caughtUp();
    expect(session.request()).toEqual({ type: "follow", id: "a", from: { stdout: 104, stderr: 0 } });
    log(104, "two\n");
    expect(texts()).toEqual(["one", "two"]);
  });

  it("begins again when it heard of one stream only", () => {
    session.request();
    log(0, "one\n");
    expect(session.request()).toHaveProperty("tailBytes");
    expect(texts()).toEqual([]);
  });

  it("shows no byte twice", async () => {
    session.request();
    log(0, "one\n");
    await caughtUp();
    log(0, "one\n");
    log(2, "e\ntwo\n");
    expect(texts()).toEqual(["one", "two"]);
  });

  it("shows the foremost stream's tail last, and says that the order is not known", async () => {
    session.request();
    log(0, "out\n");
    session.message({ type: "log", id: "a", stream: "stderr", from: 0, to: 4, text: "err\n" });
    log(4, "more\n");
    await world.pass(60);
    log(9, "next\n");
    expect(texts()).toEqual([
      "err",
      "out",
      "more",
      "above, each stream by itself; from here on, in the order the lines come",
      "next",
    ]);
  });

  it("holds a tail back no longer than a moment", async () => {
    session.request();
    log(0, "out\n");
    await world.pass(800);
    expect(texts()).toEqual(["out"]);
  });

  it.each([
    ["further on", 500],
    ["where they began", 100],
    ["amid them", 104],
    ["before them", 40],
  ])("begins its tail anew when pieces of an earlier follow came first, and its own begin %s", async (_, from) => {
    session.request();
    log(100, "one\n");
    log(104, "two\n");
    log(from, "mine\n");
    log(from + 5, "next\n");
    await caughtUp();
    expect(texts()).toEqual(["mine", "next"]);
    expect(session.request()).toMatchObject({ from: { stdout: from + 10, stderr: 0 } });
  });

  it("begins only that stream's tail anew", async () => {
    session.request();
    session.message({ type: "log", id: "a", stream: "stderr", from: 0, to: 4, text: "err\n" });
    log(100, "earlier\n");
    log(500, "mine\n");
    await world.pass(60);
    expect(texts()).toEqual(["err", "mine", "above, each stream by itself; from here on, in the order the lines come"]);
  });

  it("takes the tail of the new file when it was truncated meanwhile", async () => {
    session.request();
    log(100, "earlier\n");
    session.message({ type: "log-reset", id: "a", stream: "stdout" });
    log(0, "new\n");
    await caughtUp();
    expect(texts()).toEqual(["new"]);
  });

  it("says when bytes are missing", async () => {
    session.request();
    log(0, "one\n");
    await caughtUp();
    log(10, "two\n");
    expect(texts()).toEqual(["one", "6 bytes of stdout are not shown here; the download has them", "two"]);
  });

  it("goes on after a truncation", async () => {
    session.request();
    log(0, "one\n");
    await caughtUp();
    session.message({ type: "log-reset", id: "a", stream: "stdout" });
    log(0, "new\n");
    expect(texts()).toEqual(["one", "stdout was truncated; what follows is new", "new"]);
    expect(session.request()).toMatchObject({ from: { stdout: 4, stderr: 0 } });
  });
});

describe("without a socket", () => {
  it("reads every 3 s and joins where it overlaps", async () => {
    session.request();
    log(0, "one\n");
    await caughtUp();
    answer = { stdout: "one\ntwo\n", stderr: "" };
    session.lost();
    await settled();
    answer = { stdout: "one\ntwo\nthree\n", stderr: "" };
    await world.pass(3_000);
    expect(texts()).toEqual(["one", "two", "three"]);
  });

  it("takes that back when the true bytes come", async () => {
    session.request();
    log(0, "one\n");
    await caughtUp();
    answer = { stdout: "one\ntwo\n", stderr: "" };
    session.lost();
    await settled();
    expect(session.request()).toMatchObject({ from: { stdout: 4, stderr: 0 } });
    log(4, "two\nthree\n");
    expect(texts()).toEqual(["one", "two", "three"]);
    await world.pass(9_000);
    expect(texts()).toEqual(["one", "two", "three"]);
  });

  it("reads in one chain, though it was lost again during a slow read", async () => {
    const waiting: (() => void)[] = [];
    const logs = () =>
      new Promise<{ ok: true; value: typeof answer }>((resolve) => {
        waiting.push(() => resolve({ ok: true, value: answer }));
      });
    session = createLogSession("a", store, { logs }, (ms, task) => world.after(ms, task));
    session.lost();
    session.request();
    session.lost();
    answer = { stdout: "one\n", stderr: "" };
    for (const tell of waiting) tell();
    await world.pass(3_000);
    expect(waiting).toHaveLength(3);
    expect(texts()).toEqual(["one"]);
  });
});
