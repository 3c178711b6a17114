// From the start of the program to its first answer of any kind, and to the first GET /api/apps, with twenty apps running under pm2.
import { connect } from 'node:net';

import { digits, median } from '../support/stats.mjs';
import { now, request } from '../support/program.mjs';
import { row, under } from '../support/row.mjs';

export const needs = 'stage';

/** One GET on a connection of its own, as bare as it gets; ms when its first byte came, or null when nobody listens. */
const ask = (port, path) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`));
    socket.once('data', () => {
      resolve(now());
      socket.destroy();
    });
    socket.once('error', () => resolve(null));
  });

async function firstAnswer(port, path) {
  for (;;) {
    const at = await ask(port, path);
    if (at) return at;
    await new Promise(setImmediate);
  }
}

async function measure(start, port) {
  const begun = now();
  const starting = start(); // spawns before it first waits
  const first = (await firstAnswer(port, '/api/health')) - begun;
  const list = await request(port, 'GET', '/api/apps').then((answer) => (answer.status === 200 ? now() - begun : NaN));
  return { first, list, program: await starting };
}

export async function run(stage, { rounds }) {
  const ours = [];
  const peer = [];
  for (let i = 0; i < rounds; i++) {
    await stage.berth.stop();
    ours.push(await measure(() => stage.serve(), stage.port));
    const theirs = await measure(() => stage.startBaseline(), stage.baselinePort);
    await theirs.program.stop();
    peer.push(theirs);
  }
  const all = (list, field) => list.map((each) => each[field]);
  const lists = (list) => digits(median(all(list, 'list')));
  return [
    row({ name: 'start', what: 'start to first answer', unit: 'ms', better: 'lower', ours: all(ours, 'first'), peer: all(peer, 'first'), peerName: 'baseline', ...under(50, 'ms'), notes: [`to the first GET /api/apps with 20 apps: ${lists(ours)} ms, baseline ${lists(peer)} ms`] }),
  ];
}
