import { beforeEach, describe, expect, it } from "vitest";
import type { Api } from "@/api/client";
import { createActions } from "./actions";
import { emptyFleet, underWay, withApps, type Fleet } from "./fleet";
import { createStore, type Store } from "./store";
import { anApp, brokenBy, fakeApi } from "./testing";

const a = anApp({ id: "a", name: "alpha" });
const b = anApp({ id: "b", name: "beta" });
let store: Store<Fleet>;
let said: string[];

beforeEach(() => {
  store = createStore<Fleet>({ ...withApps(emptyFleet, [a, b]), connection: { state: "live", asOf: null } });
  said = [];
});

function actionsWith(overrides: Partial<Api>) {
  const idle = { start() {}, refresh: () => Promise.resolve(), follow: () => () => {}, stop() {} };
  const note = (kind: string) => (title: string, detail?: string) =>
    void said.push([kind, title, detail].filter(Boolean).join(" | "));
  const notify = { done: note("done"), failed: note("failed"), warn: note("warn") };
  return createActions(store, fakeApi({ up: true, apps: [a, b], operations: [] }, overrides), idle, notify);
}
const refused = { status: 409, title: "No", code: "not_running", detail: "“alpha” is not running." } as const;

it("shows at once, and no longer once answered", async () => {
  let answer: (value: { ok: true; value: typeof a }) => void = () => {};
  const stopping = actionsWith({ stop: () => new Promise((resolve) => (answer = resolve)) }).stop("a");
  expect(underWay(store.get(), "a")).toBe("stopping");
  answer({ ok: true, value: { ...a, status: "stopped" } });
  await stopping;
  expect(underWay(store.get(), "a")).toBeNull();
  expect(store.get().apps["a"]?.status).toBe("stopped");
});

it("an answer does not undo what the socket said meanwhile", async () => {
  const stopped = { ...a, status: "stopped" as const };
  await actionsWith({
    stop: () => {
      store.update((fleet) => withApps(fleet, [stopped, b]));
      return Promise.resolve({ ok: true, value: a });
    },
  }).stop("a");
  expect(store.get().apps["a"]).toBe(stopped);
});

it("sleep and wake show at once, and say what they could not do", async () => {
  let answer: (value: { ok: false; problem: typeof refused }) => void = () => {};
  const waits = () => new Promise<{ ok: false; problem: typeof refused }>((resolve) => (answer = resolve));
  const actions = actionsWith({ sleep: waits, wake: waits });
  for (const [act, shown] of [
    [() => actions.sleep("a"), "sleeping"],
    [() => actions.wake("a"), "waking"],
  ] as const) {
    const asked = act();
    expect(underWay(store.get(), "a")).toBe(shown);
    answer({ ok: false, problem: refused });
    await asked;
  }
  expect(underWay(store.get(), "a")).toBeNull();
  expect(said).toEqual([
    "failed | Could not put “alpha” to sleep | “alpha” is not running.",
    "failed | Could not wake “alpha” | “alpha” is not running.",
  ]);
});

it("a bulk sleep says how many", async () => {
  const ok = (id: string) => ({ id, ok: true, error: null });
  const bulk: Api["bulk"] = (_, ids) => Promise.resolve({ ok: true, value: ids.map(ok) });
  await actionsWith({ bulk }).bulk("sleep", ["a", "b"]);
  await actionsWith({ bulk }).bulk("wake", ["a"]);
  expect(said).toEqual(["done | 2 apps put to sleep", "done | 1 app woken"]);
});

it("a failure says what happened, in the server's words", async () => {
  await actionsWith({ stop: () => Promise.resolve({ ok: false, problem: refused }) }).stop("a");
  expect(said).toEqual(["failed | Could not stop “alpha” | “alpha” is not running."]);
  expect(underWay(store.get(), "a")).toBeNull();
});

it("a delete that left something behind says so", async () => {
  await actionsWith({ remove: () => Promise.resolve({ ok: true, value: { warning: "The folder stays." } }) }).remove(
    "a",
  );
  expect(store.get().order).toEqual(["b"]);
  expect(said).toEqual(["warn | Deleted “alpha”, but something remains | The folder stays."]);
});

it("a bulk action names those that failed", async () => {
  const results = [
    { id: "a", ok: false, error: { type: "about:blank" as const, ...refused } },
    { id: "b", ok: true, error: null },
  ];
  await actionsWith({ bulk: () => Promise.resolve({ ok: true, value: results }) }).bulk("stop", ["a", "b"]);
  expect(said).toEqual(["failed | 1 of 2 could not be stopped | alpha: “alpha” is not running."]);
});

it("a bulk action touches the apps that were chosen, and none that came meanwhile", async () => {
  const asked: unknown[] = [];
  const bulk: Api["bulk"] = (...what) => {
    asked.push(what);
    return Promise.resolve({ ok: true, value: [] });
  };
  await actionsWith({ bulk }).bulk("delete", ["a", "b"]);
  expect(asked).toEqual([["delete", ["a", "b"]]]);
});

describe("a create that fails", () => {
  const create: Api["create"] = () => Promise.resolve({ ok: false, problem: refused });

  it("is said once: where it was asked for", async () => {
    await actionsWith({ create }).create({ request: "r" }, () => true);
    expect(said).toEqual([]);
  });

  it("or, when nobody sees that any more, as a message", async () => {
    await actionsWith({ create }).create({ request: "r" }, () => false);
    expect(said).toEqual(["failed | The app could not be created | “alpha” is not running."]);
  });
});

describe("asking whether the pages work", () => {
  const answered = (page: ReturnType<typeof brokenBy>) =>
    actionsWith({ check: () => Promise.resolve({ ok: true, value: { ...a, page } }) }).check("a");
  const checkedAt = "2026-01-31T14:30:00.000Z";

  it("says what is well, and leaves what is broken to the app's own page", async () => {
    await answered({ state: "working", errors: 0, first: null, checkedAt, reason: null });
    expect(said).toEqual(["done | The pages of “alpha” work"]);
    await answered(brokenBy());
    expect(said).toHaveLength(1);
    expect(store.get().apps["a"]?.page?.state).toBe("broken");
  });

  it("says why it is not known", async () => {
    await answered(null);
    await answered({ state: "unchecked", errors: 0, first: null, checkedAt: null, reason: "It did not answer." });
    expect(said[0]).toMatch(/^warn \| “alpha” cannot tell/);
    expect(said[1]).toBe("warn | “alpha” did not say | It did not answer.");
    await actionsWith({ check: () => Promise.resolve({ ok: false, problem: refused }) }).check("a");
    expect(said[2]).toBe("failed | Could not check “alpha” | “alpha” is not running.");
  });
});

it("an edit is shown when it is done, and says when it is not", async () => {
  const notes = "for the demo";
  expect(
    await actionsWith({
      edit: (_, change) => Promise.resolve({ ok: true, value: { ...a, notes: change.notes ?? null } }),
    }).edit("a", { notes }),
  ).toBe(true);
  expect(store.get().apps["a"]?.notes).toBe(notes);
  expect(
    await actionsWith({ edit: () => Promise.resolve({ ok: false, problem: refused }) }).edit("a", { notes: null }),
  ).toBe(false);
  expect(said).toEqual(["failed | Could not change “alpha” | “alpha” is not running."]);
});
