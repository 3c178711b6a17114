import { beforeEach, describe, expect, it } from "vitest";
import type { Api } from "@/api/client";
import { createActions } from "./actions";
import { emptyFleet, underWay, withApps, type Fleet } from "./fleet";
import { createStore, type Store } from "./store";
import { anApp, fakeApi } from "./testing";

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
