import { beforeEach, describe, expect, it } from "vitest";
import { FakeWorld, settled } from "@/state/testing";
import { withoutBytes } from "./bytes";
import { continuation, createLogSession } from "./logSession";
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
  session = createLogSession("a", store, { api, after: (ms, task) => world.after(ms, task), now: () => world.now() });
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
    expect(session.request()).toMatchObject({ type: "follow", id: "a", from: { stdout: 104, stderr: 0 } });
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
    session = createLogSession("a", store, {
      api: { logs },
      after: (ms, task) => world.after(ms, task),
      now: () => world.now(),
    });
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

describe("times", () => {
  const times = () => linesOf(store).map((line) => line.at);

  it("are those of the lines that this page saw come, and of no others", async () => {
    session.request();
    log(0, "before\n");
    await caughtUp();
    log(7, "seen\n");
    const seen = world.now();
    session.lost();
    session.request();
    log(12, "meanwhile\n");
    await world.pass(60);
    log(22, "seen again\n");
    expect(times()).toEqual([null, seen, null, world.now()]);
  });

  it("stay unknown to the end of a long catching up", async () => {
    session.request();
    log(0, "a\n");
    await caughtUp();
    session.request();
    log(2, "b\n");
    await world.pass(50);
    log(4, "c\n");
    await world.pass(50);
    log(6, "d\n");
    await world.pass(700);
    log(8, "e\n");
    expect(times().slice(1)).toEqual([null, null, null, world.now()]);
  });
});

describe("what is older", () => {
  const whole = Array.from({ length: 40_000 }, (_, i) => `line ${i} é\n`).join("");
  const bytes = new TextEncoder().encode(whole);
  const decoded = (from: number, to?: number) => new TextDecoder().decode(bytes.subarray(from, to));
  let reads: string[] = [];

  /** A server that gives at most 3,000 lines at a time. */
  function served(): ReturnType<typeof createLogSession> {
    reads = [];
    const logs = (_id: string, _tail: number, more?: { after?: string }) => {
      reads.push(more?.after ?? "");
      const from = Number(/stdout:(\d+)/.exec(more?.after ?? "")?.[1]);
      const text = decoded(from).split("\n").slice(0, 3_000).join("\n").concat("\n");
      const next = { stdout: from + new TextEncoder().encode(text).length, stderr: 0 };
      return Promise.resolve({ ok: true as const, value: { stdout: text, stderr: "", next } });
    };
    return createLogSession("a", store, {
      api: { logs },
      after: (ms, task) => world.after(ms, task),
      now: () => world.now(),
    });
  }

  it("is put before it, whole lines, without a gap", async () => {
    session = served();
    session.request();
    const from = whole.indexOf("line 39990 ");
    const begin = new TextEncoder().encode(whole.slice(0, from)).length;
    log(begin, whole.slice(from), bytes.length);
    await caughtUp();
    const seen: string[] = [];
    for (let i = 0; i < 10; i++) seen.push(await session.older());
    expect(seen.indexOf("all")).toBeGreaterThan(0);
    expect(seen.slice(0, seen.indexOf("all")).every((one) => one === "more")).toBe(true);
    expect(
      linesOf(store)
        .map((line) => line.text)
        .join("\n"),
    ).toBe(whole.trimEnd());
    expect(store.at(store.start())).toMatchObject({ from: 0, at: null });
    expect(linesOf(store).every((line) => line.from !== null && decoded(line.from, line.from + 4) === "line")).toBe(
      true,
    );
    expect(reads.length).toBeGreaterThan(3);
  });

  it("fails where the file is another one by now", async () => {
    const logs = () =>
      Promise.resolve({ ok: true as const, value: { stdout: "", stderr: "", next: { stdout: 3, stderr: 0 } } });
    session = createLogSession("a", store, {
      api: { logs },
      after: (ms, task) => world.after(ms, task),
      now: () => world.now(),
    });
    session.request();
    log(5_000, "tail\n");
    await caughtUp();
    expect(await session.older()).toBe("failed");
    expect(texts()).toEqual(["tail"]);
  });
});

describe("a start", () => {
  const begins = () => linesOf(store).flatMap((line) => (line.begins === null ? [] : [`${line.plain} ${line.begins}`]));

  it("stands before the first line since then, of what was written before", async () => {
    const logs = () =>
      Promise.resolve({ ok: true as const, value: { stdout: "new\n", stderr: "", next: { stdout: 8, stderr: 0 } } });
    session = createLogSession("a", store, {
      api: { logs },
      after: (ms, task) => world.after(ms, task),
      now: () => world.now(),
    });
    session.request();
    session.started(77);
    await settled();
    log(0, "old\nnew\n");
    await caughtUp();
    expect(begins()).toEqual(["new 77"]);
  });

  it("stands before the first line that came since, seen live, told of early or late", async () => {
    session.request();
    log(0, "old\n");
    await caughtUp();
    session.started(world.now() + 1);
    await world.pass(10);
    log(4, "early\n");
    await world.pass(10);
    const at = world.now();
    log(10, "late\n");
    session.started(at);
    await settled();
    expect(begins()).toEqual([`early ${at - 19}`, `late ${at}`]);
  });
});
