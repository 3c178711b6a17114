// An app that sleeps, and what is sent to its port.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';

import { eventually } from './berth.mjs';
import { text } from './named.mjs';

/** Whether somebody accepts there. A connection that says nothing wakes nobody. */
export function accepts(port, host = '127.0.0.1') {
  return new Promise((done) => {
    const socket = net.connect({ port, host });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Puts it to sleep and waits until its port is held. */
export async function putToSleep(berth, app) {
  const { status, body } = await berth.post(`/api/apps/${app.id}/sleep`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.asleep, true);
  await eventually('its port is held', () => accepts(app.port));
}

export async function isAsleep(berth, app) {
  const now = await berth.app(app.id);
  return now.asleep && now.operation === null;
}

/** A request to a port, to be written piece by piece, and its answer when that begins. */
export function beginAt(port, method, path, { headers = {}, host = '127.0.0.1' } = {}) {
  const request = http.request({ host, port, method, path, headers: { host: `localhost:${port}`, ...headers }, agent: false });
  const response = new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  response.catch(() => {});
  return { request, response };
}

/** A whole request to a port, and its whole answer. */
export async function askAt(port, path = '/', { method = 'GET', body, ...options } = {}) {
  const { request, response } = beginAt(port, method, path, options);
  request.end(body);
  const answer = await response;
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** Sends so many bytes as fast as they are taken. */
export async function pourInto(request, bytes) {
  const block = Buffer.alloc(1 << 16, 'x');
  for (let left = bytes; left > 0; left -= block.length) {
    const piece = left < block.length ? block.subarray(0, left) : block;
    if (!request.write(piece)) await new Promise((done) => request.once('drain', done));
  }
  request.end();
}
