// An app dies (its process group gets SIGKILL) until a client knows. Ours: a WebSocket client reads `errored`. The peers: pm2's own bus,
// to which this process listens with other deaths of the same round (with the same ones pm2 would have one more to tell); and a client
// of the baseline that polls every 3 s, as the document has it, and reads anything but `online`.
import { createRequire } from 'node:module';

import WebSocket from 'ws';

import { digits, quantile } from '../support/stats.mjs';
import { atMostTimes, row } from '../support/row.mjs';
import { now, pause, request, until } from '../support/program.mjs';

export const needs = 'stage';

const pollEvery = 3000; // ms
const appsEach = 7; // of the twenty, in a round
const appsHeard = 7; // what is left is the baseline's

/** What pm2 says of an exit, as soon as it does: name -> ms. */
async function listenToPm2(stage) {
  process.env.PM2_HOME = stage.pm2Home;
  const pm2 = createRequire(new URL('../../src/pm2/bridge/package.json', import.meta.url))('pm2');
  await new Promise((resolve, reject) => pm2.connect((error) => (error ? reject(error) : resolve())));
  const bus = await new Promise((resolve, reject) => pm2.launchBus((error, b) => (error ? reject(error) : resolve(b))));
  const exits = new Map();
  bus.on('process:event', (message) => {
    if (message.event === 'exit') exits.set(message.process.name, now());
  });
  return { exits, close: () => pm2.disconnect() };
}

/** A dashboard's socket: calls back with each app message. */
async function openSocket(stage) {
  const socket = new WebSocket(`ws://localhost:${stage.port}/api/events`);
  await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject));
  return socket;
}

async function dieWatched(socket, app) {
  const errored = new Promise((resolve) => {
    const take = (data) => {
      const at = now();
      const message = JSON.parse(data);
      if (message.type !== 'app' || message.app.id !== app.id || message.app.status !== 'errored') return;
      socket.off('message', take);
      resolve(at);
    };
    socket.on('message', take);
  });
  const died = now();
  process.kill(-app.pid, 'SIGKILL');
  return (await errored) - died;
}

async function dieHeard(bus, app) {
  const died = now();
  process.kill(-app.pid, 'SIGKILL');
  return (await until('pm2 tells of it', () => bus.exits.get(`orch-${app.id}`))) - died;
}

/** Ten deaths over a poll's period, and when the poll has shown each. */
async function diePolled(port, apps) {
  const died = new Map();
  const seen = new Map();
  let polling = true;
  const poll = (async () => {
    while (polling) {
      const next = pause(pollEvery);
      const rows = JSON.parse((await request(port, 'GET', '/api/apps')).text);
      const at = now();
      for (const each of rows) if (died.has(each.id) && !seen.has(each.id) && each.status !== 'online') seen.set(each.id, at - died.get(each.id));
      if (seen.size === apps.length) break;
      await next;
    }
  })();
  for (const app of apps) {
    await pause((pollEvery / apps.length) * (0.5 + Math.random()));
    died.set(app.id, now());
    process.kill(-app.pid, 'SIGKILL');
  }
  await poll;
  polling = false;
  return [...seen.values()];
}

export async function run(stage, { rounds }) {
  const baseline = await stage.startBaseline();
  const ours = [];
  const floor = [];
  const peer = [];
  try {
    for (let i = 0; i < rounds; i++) {
      const apps = await stage.allAre('online');
      const socket = await openSocket(stage);
      await pause(500);
      const deaths = [];
      for (const app of apps.slice(0, appsEach)) {
        deaths.push(await dieWatched(socket, app));
        await pause(70);
      }
      socket.terminate();
      ours.push(deaths);
      const bus = await listenToPm2(stage);
      const heard = [];
      for (const app of apps.slice(appsEach, appsEach + appsHeard)) {
        heard.push(await dieHeard(bus, app));
        await pause(70);
      }
      bus.close();
      floor.push(heard);
      peer.push(await diePolled(stage.baselinePort, apps.slice(appsEach + appsHeard)));
      await stage.bulk('restart');
    }
    await stage.allAre('online');
  } finally {
    await baseline.stop();
  }
  const of = (list, q) => list.map((each) => quantile(each, q));
  const common = { unit: 'ms', better: 'lower' };
  const bus = { ...common, peerName: "pm2's bus" };
  const overall = (q) => [ours, floor].map((list) => digits(quantile(list.flat(), q)));
  const note = (q) => `over all rounds: berth ${overall(q)[0]} ms, pm2's bus ${overall(q)[1]} ms`;
  const polled = { ours: of(ours, 0.5), peer: of(peer, 0.5), peerName: 'baseline, polled' };
  return [
    row({ ...bus, name: 'exit-p50', what: 'an app dies, until a client reads it, p50', ours: of(ours, 0.5), peer: of(floor, 0.5), ...atMostTimes(1.6), notes: [note(0.5)] }),
    row({ ...bus, name: 'exit-p99', what: '… p99', ours: of(ours, 0.99), peer: of(floor, 0.99), ...atMostTimes(2.5), notes: [note(0.99)] }),
    row({ ...common, ...polled, name: 'exit-polled', what: '… beside who polls', goal: '', met: () => null }),
  ];
}
