import { beforeEach, describe, expect, it } from "vitest";
import type { Api } from "@/api/client";
import { backoffMs } from "./backoff";
import { createConnection, type Connection, type LogFollower } from "./connection";
import { emptyFleet, type Fleet } from "./fleet";
import { createStore, type Store } from "./store";
import { anApp, anOperation, FakeWorld, fakeApi, settled } from "./testing";

const a = anApp({ id: "a" });
const snapshot = (revision: number, apps = [a]) => ({ type: "snapshot", revision, apps, operations: [], problems: [] });

let world: FakeWorld;
let server: Parameters<typeof fakeApi>[0];
let store: Store<Fleet>;
let connection: Connection;
const state = () => store.get().connection;

beforeEach(() => {
  world = new FakeWorld();
  server = { up: true, apps: [a], operations: [] };
  store = createStore(emptyFleet);
  connection = createConnection(store, fakeApi(server), world);
});

function goLive(revision = 1) {
  world.socket.say(snapshot(revision));
  world.draw();
}

it("waits half a second, doubling to ten", () => {
  expect([0, 1, 2, 3, 4, 5, 50].map(backoffMs)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

describe("the start", () => {
  it("is usable before the socket is", async () => {
    server.operations = [anOperation({ id: "n" })];
    connection.start();
    await settled();
    expect(store.get()).toMatchObject({ loaded: true, order: ["a"], operations: [{ id: "n" }] });
    expect(state().state).toBe("polling");
  });

  it("is live with the first snapshot", async () => {
    connection.start();
    goLive();
    expect(state().state).toBe("live");
    await world.pass(1);
    expect(state().state).toBe("live");
  });

  it("a read that was sent before the snapshot does not undo it", async () => {
    connection.start();
    server.apps = [];
    goLive();
    await settled();
    expect(store.get().order).toEqual(["a"]);
  });

  it("gives up a socket that says nothing for 5 s", async () => {
    connection.start();
    await world.pass(5_600);
    expect(world.sockets[0]?.closed).toBe(true);
    expect(world.sockets).toHaveLength(2);
  });
});

describe("batches", () => {
  it("apply once a frame", () => {
    connection.start();
    goLive();
    let changes = 0;
    store.subscribe(() => changes++);
    for (let i = 2; i < 22; i++) world.socket.say({ type: "app", revision: i, app: { ...a, cpuPercent: i } });
    expect(changes).toBe(0);
    world.draw();
    expect(changes).toBe(1);
    expect(store.get().apps["a"]?.cpuPercent).toBe(21);
  });
});

describe("when the socket drops", () => {
  beforeEach(() => {
    connection.start();
    goLive(7);
  });

  it("reads every 3 s and says so, once it has read", async () => {
    world.socket.drop();
    expect(state().state).toBe("connecting");
    await settled();
    expect(state().state).toBe("polling");
    server.apps = [{ ...a, status: "stopped" }];
    for (const socket of world.sockets) socket.onmessage = null;
    await world.pass(3_000);
    expect(store.get().apps["a"]?.status).toBe("stopped");
  });

  it("is offline when reads fail too, and its age is that of the last proof", async () => {
    const proof = world.clock;
    server.up = false;
    world.clock += 2_000;
    world.socket.drop();
    await settled();
    expect(state()).toEqual({ state: "offline", asOf: proof });
    await world.pass(4_000);
    expect(state()).toEqual({ state: "offline", asOf: proof });
    server.up = true;
    await world.pass(3_000);
    expect(state().state).toBe("polling");
  });

  it("tries again, later each time, and is live again with a lower revision after a restart of the server", async () => {
    world.socket.drop();
    await world.pass(500);
    expect(world.sockets).toHaveLength(2);
    world.socket.drop();
    await world.pass(900);
    expect(world.sockets).toHaveLength(2);
    await world.pass(100);
    expect(world.sockets).toHaveLength(3);
    world.socket.say(snapshot(1, []));
    world.draw();
    expect(store.get()).toMatchObject({ order: [], revision: 1, connection: { state: "live" } });
  });

  it("does not read while live", async () => {
    server.apps = [];
    await world.pass(9_000);
    expect(store.get().order).toEqual(["a"]);
  });
});

it("an open socket to a server that does not answer is not live", async () => {
  connection.start();
  await settled();
  goLive();
  server.up = false;
  await world.pass(10_100);
  expect(state().state).toBe("offline");
  expect(world.sockets[0]?.closed).toBe(true);
});

it("asks soon again how Berth is while it is not well, as at its start", async () => {
  let asked = 0;
  const health: Api["health"] = async () => {
    const answer = await fakeApi(server).health();
    if (answer.ok && ++asked < 3) answer.value = { ...answer.value, status: "degraded" };
    return answer;
  };
  connection = createConnection(store, fakeApi(server, { health }), world);
  connection.start();
  await settled();
  expect(store.get().health?.status).toBe("degraded");
  await world.pass(2_000);
  expect(store.get().health?.status).toBe("ok");
  await world.pass(9_000);
  expect(asked).toBe(3);
});

describe("a health read that fails", () => {
  const slow = async (words: object | null) => {
    let asked = 0;
    const health: Api["health"] = () => {
      asked += 1;
      if (words !== null && asked > 1) world.socket.say(words);
      return fakeApi({ ...server, up: asked !== 2 }).health();
    };
    connection = createConnection(store, fakeApi(server, { health }), world);
    connection.start();
    await settled();
    goLive();
    await world.pass(10_100);
    return asked;
  };

  it("once is asked again, and drops no socket", async () => {
    expect(await slow(null)).toBe(3);
    expect(state().state).toBe("live");
  });

  it("proves nothing when the socket speaks meanwhile", async () => {
    expect(await slow({ type: "event", id: "a", name: "online", at: 1 })).toBe(2);
    expect(state().state).toBe("live");
  });
});

describe("reads while polling", () => {
  /** Answers only when told to, with what the server held when it was asked. */
  function slowReads() {
    const waiting: (() => void)[] = [];
    const apps: Api["apps"] = () => {
      const answer = fakeApi({ ...server, apps: [...server.apps] }).apps();
      return new Promise((resolve) => waiting.push(() => resolve(answer)));
    };
    connection = createConnection(store, fakeApi(server, { apps }), world);
    connection.start();
    return waiting;
  }

  it("an answer that was sent for before an action does not undo it", async () => {
    const waiting = slowReads();
    await settled();
    server.apps = [];
    const done = connection.refresh();
    await settled();
    expect(waiting).toHaveLength(2);
    waiting[1]?.();
    await done;
    expect(store.get()).toMatchObject({ loaded: true, order: [] });
    waiting[0]?.();
    await settled();
    expect(store.get().order).toEqual([]);
  });

  it("an older answer does not come after a newer one", async () => {
    const waiting = slowReads();
    await settled();
    const done = connection.refresh();
    await settled();
    waiting[0]?.();
    await settled();
    expect(store.get().loaded).toBe(false);
    waiting[1]?.();
    await done;
    expect(store.get().order).toEqual(["a"]);
  });
});

it("keeps no more than so many messages while a hidden tab gets no frames", () => {
  const heard: string[] = [];
  connection.start();
  goLive();
  connection.follow("a", {
    request: () => ({ type: "follow", id: "a" }),
    message: (message) => heard.push(message.type),
    lost: () => undefined,
  });
  for (let i = 0; i < 2_500; i++)
    world.socket.say({ type: "log", id: "a", follow: 1, stream: "stdout", from: i, to: i + 1, text: "x" });
  expect(heard.length).toBeGreaterThanOrEqual(1_500);
  world.draw();
  while (heard.length < 2_500) world.draw();
  expect(heard).toHaveLength(2_500);
});

describe("log followers", () => {
  it("ask when live, hear their own log, are told of a loss and ask again", async () => {
    const heard: string[] = [];
    const follower: LogFollower = {
      request: () => ({ type: "follow", id: "a" }),
      message: (message) => heard.push(message.type),
      lost: () => heard.push("lost"),
    };
    connection.start();
    goLive();
    const unfollow = connection.follow("a", follower);
    expect(world.socket.sent).toEqual([{ type: "follow", id: "a", follow: 1 }]);
    world.socket.say({ type: "log", id: "a", follow: 1, stream: "stdout", from: 0, to: 1, text: "x" });
    world.socket.say({ type: "log", id: "a", stream: "stdout", from: 0, to: 1, text: "x" });
    world.draw();
    world.socket.drop();
    await world.pass(500);
    goLive(1);
    expect(world.socket.sent).toEqual([{ type: "follow", id: "a", follow: 1 }]);
    expect(heard).toEqual(["log", "lost"]);
    unfollow();
    expect(world.socket.sent.at(-1)).toEqual({ type: "unfollow", id: "a", follow: 1 });
  });

  it("of one app are several, each with its own pieces; those of one that is gone are nobody's", () => {
    const heard: string[] = [];
    const follower = (name: string): LogFollower => ({
      request: () => ({ type: "follow", id: "a" }),
      message: (message) => heard.push(`${name} ${message.type === "log" ? message.text : message.type}`),
      lost: () => undefined,
    });
    const piece = (follow: number, text: string) =>
      world.socket.say({ type: "log", id: "a", follow, stream: "stdout", from: 0, to: 1, text });
    connection.start();
    goLive();
    const leave = connection.follow("a", follower("dock"));
    connection.follow("a", follower("page"));
    piece(1, "1");
    piece(2, "2");
    world.draw();
    piece(1, "under way");
    leave();
    connection.follow("a", follower("dock again"));
    piece(1, "late");
    piece(2, "3");
    piece(3, "4");
    world.draw();
    expect(heard).toEqual(["dock 1", "page 2", "page 3", "dock again 4"]);
    leave();
    const unfollow = { type: "unfollow", id: "a", follow: 1 };
    expect(world.socket.sent.slice(-2)).toEqual([unfollow, { type: "follow", id: "a", follow: 3 }]);
  });

  it("hear a flood over several frames, all of it, in order; and at once when the socket is lost", async () => {
    const heard: number[] = [];
    connection.start();
    goLive();
    connection.follow("a", {
      request: () => ({ type: "follow", id: "a" }),
      message: (message) => {
        if (message.type === "log") heard.push(message.from);
        world.clock += 3; // It takes 3 ms to read.
      },
      lost: () => heard.push(-1),
    });
    const say = (count: number) => {
      for (let i = 0; i < count; i++)
        world.socket.say({ type: "log", id: "a", follow: 1, stream: "stdout", from: i, to: i + 1, text: "x" });
    };
    say(7);
    world.draw();
    expect(heard).toEqual([0, 1, 2]);
    world.draw();
    expect(heard).toHaveLength(6);
    world.socket.drop();
    expect(heard).toEqual([0, 1, 2, 3, 4, 5, 6, -1]);
    await world.pass(500);
    goLive();
    heard.length = 0;
    say(1_000);
    world.draw();
    expect(heard.length).toBeGreaterThanOrEqual(1_000 - 256);
  });
});
