// An app writes 200,000 lines (16 MB) at once: from the request until a WebSocket client that follows the log has every byte. The peer
// is pm2 itself: until that burst is in its log file. Every byte that came is compared with the file. A second line shows a burst with
// nobody following beside it: what following costs on a machine whose cores the app and pm2 use up.
//
// Twice: line by line, as console.log does, where pm2 takes longest; and as one block, which it takes in pieces of 64 KB.
import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import WebSocket from 'ws';

import { digits, median } from '../support/stats.mjs';
import { now, pause, request, until } from '../support/program.mjs';
import { row, under } from '../support/row.mjs';

export const needs = 'stage';

const lines = 200_000;
const text = 'GET /pricing 200 in 83ms (compile: 12ms, render: 27ms) and some more of it';

const size = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** Asks the app for the burst. how: 'each' line by itself, or one 'block'. */
function burst(app, how) {
  const begun = now();
  return { begun, answered: request(app.port, 'GET', `/log?lines=${lines}&text=${encodeURIComponent(text)}&${how}`) };
}

const expected = () => {
  let bytes = 0;
  for (let i = 0; i < lines; i++) bytes += text.length + 2 + String(i).length;
  return bytes;
};

/** ms until the file holds the burst, looked at each ms or so. */
async function writtenAfter(file, end, begun) {
  while (size(file) < end) await pause(1);
  return now() - begun;
}

async function follow(stage, app) {
  const socket = new WebSocket(`ws://localhost:${stage.port}/api/events`);
  const follower = { socket, pieces: [], to: 0, onEnd: null, end: Infinity };
  const head = /^\{"type":"log","id":"[a-z0-9]+","stream":"stdout","from":(\d+),"to":(\d+)/;
  socket.on('message', (data) => {
    const found = head.exec(data.subarray(0, 120).toString('latin1'));
    if (!found) return;
    assert.equal(Number(found[1]), follower.to || Number(found[1]), 'a gap');
    follower.to = Number(found[2]);
    follower.pieces.push(data);
    if (follower.to >= follower.end) follower.onEnd?.(now());
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ type: 'follow', id: app.id, tailBytes: 0 }));
  await until('the follower is there', () => follower.pieces.length > 0, 10);
  return follower;
}

/** The texts that came must be the file's bytes. */
function check(follower, file, from) {
  const got = follower.pieces.map((data) => JSON.parse(data).text).join('');
  assert.ok(Buffer.from(got).equals(readFileSync(file).subarray(from)), 'the follower has not what is in the file');
}

async function followed(stage, app, file, how) {
  const { berth } = stage;
  const follower = await follow(stage, app);
  const before = size(file);
  follower.end = before + expected();
  writeFileSync(`/proc/${berth.pid}/clear_refs`, '5'); // VmHWM begins anew
  const memory = berth.memoryMB;
  const cpu = berth.cpuSeconds;
  const received = new Promise((resolve) => (follower.onEnd = resolve));
  const { begun, answered } = burst(app, how);
  const written = writtenAfter(file, follower.end, begun);
  const last = (await received) - begun;
  await answered;
  const result = { last, written: await written, grown: berth.peakMB - memory, cpu: (berth.cpuSeconds - cpu) * 1000 };
  follower.socket.terminate();
  check(follower, file, before);
  return result;
}

async function unfollowed(app, file, how) {
  const end = size(file) + expected();
  const { begun, answered } = burst(app, how);
  const written = await writtenAfter(file, end, begun);
  await answered;
  return written;
}

/** The rows of one way to write. */
async function measure(stage, app, file, rounds, how, texts) {
  const ours = [];
  const peer = [];
  await unfollowed(app, file, how); // pm2 is slower the first time
  for (let i = 0; i < rounds; i++) {
    truncateSync(file); // two bursts stay well under the 64 MiB at which it would be rotated in the middle of one
    await pause(300);
    ours.push(await followed(stage, app, file, how));
    await pause(300);
    peer.push(await unfollowed(app, file, how));
  }
  const all = (field) => ours.map((each) => each[field]);
  const common = { unit: 'ms', better: 'lower', ours: all('last') };
  const notes = [`berth uses ${digits(median(all('cpu')))} ms of processor time for it`];
  return [
    row({ ...common, name: texts.name, what: texts.what, peer: all('written'), peerName: 'pm2, its file', goal: '≤ 1.1 times pm2', met: ({ ratio }) => 1 / ratio <= 1.1, notes }),
    row({ ...common, name: `${texts.name}-alone`, what: '… beside a burst that nobody follows', peer, peerName: 'pm2, its file', goal: '', met: () => null }),
    row({ name: `${texts.name}-memory`, what: '… memory grows by', unit: 'MB', better: 'lower', ours: all('grown'), ...under(20, 'MB') }),
  ];
}

export async function run(stage, { rounds }) {
  const [app] = await stage.apps();
  const file = path.join(stage.root, 'logs', `orch-${app.id}-out.log`);
  return [
    ...(await measure(stage, app, file, rounds, 'each', { name: 'burst', what: '200,000 lines at once, the follower has every byte' })),
    ...(await measure(stage, app, file, rounds, 'block', { name: 'burst-block', what: 'the same as one block' })),
  ];
}
