// Apps by their names, on Berth's own port: what an app gets and what its client gets back is what both would have had of each other,
// however long it is and however slowly it comes.
import assert from 'node:assert/strict';
import http from 'node:http';
import { unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { WebSocket } from 'ws';

import { Berth, eventually, using } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { ask, begin, fields, hostOf, namedApp, text } from './support/named.mjs';
import { Wire, resident } from './support/raw.mjs';

const full = process.env.BERTH_ATTACKS === 'full';
const much = full ? 1_000_000_000 : 100_000_000; // bytes
const flat = 40; // MiB that Berth may grow by while they pass

const navigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };

describe('an app by its name', { timeout: 280_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start({ scaffold: namedApp });
    app = await berth.online('Mein Lädchen');
  });
  after(() => berth.close());
  const get = (where, options) => ask(berth, 'mein-ladchen', where, options);

  test('it is the app, and says where the request came from', async () => {
    assert.equal(app.slug, 'mein-ladchen');
    assert.equal(berth.manifest().apps[app.id].slug, 'mein-ladchen');
    const answer = await get('/?a=%zz&b', { headers: { 'x-forwarded-for': '6.6.6.6', cookie: 'a=b', connection: 'keep-alive, x-hop', 'x-hop': '1' } });
    assert.equal(answer.status, 200);
    const got = JSON.parse(answer.body);
    const { host, cookie, connection, ...rest } = fields(got.headers);
    assert.deepEqual([got.method, got.url, host, cookie], ['GET', '/?a=%zz&b', [hostOf(berth, 'mein-ladchen')], ['a=b']]);
    assert.deepEqual(rest, { 'x-forwarded-for': ['127.0.0.1'], 'x-forwarded-host': host, 'x-forwarded-proto': ['http'] });
    assert.equal((await get('/nothing')).status, 404);
    assert.equal((await get('/redirect')).headers.location, '/pid');
    assert.equal((await ask(berth, 'MEIN-Ladchen', '/pid')).status, 200);
  });

  test('never the API or the dashboard', async () => {
    for (const where of ['/api/apps', '/api/health', '/metrics', '/index.html', '/assets/x.js']) {
      const answer = await get(where);
      assert.deepEqual([answer.status, answer.body], [404, 'not here'], where);
    }
    const foreign = await berth.raw('POST', '/api/apps', { origin: `http://${hostOf(berth, 'mein-ladchen')}`, 'content-type': 'application/json' }, '{}');
    assert.equal(foreign.status, 403);
    const { status } = await berth.raw('GET', '/api/apps', { origin: `http://${hostOf(berth, 'mein-ladchen')}` });
    assert.equal(status, 403);
  });

  test('HEAD, an answer before the answer, trailers both ways, a body that is asked for first', async () => {
    const head = await get('/down?bytes=1234&length', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '1234', '']);

    const hinted = begin(berth, 'mein-ladchen', 'GET', '/hints');
    const hints = new Promise((done) => hinted.request.on('information', done));
    hinted.request.end();
    assert.equal((await hints).headers.link, '</a.css>; rel=preload');
    assert.equal(await text(await hinted.response), 'hinted');

    const sent = begin(berth, 'mein-ladchen', 'POST', '/trailers', { headers: { 'transfer-encoding': 'chunked', trailer: 'x-check' } });
    sent.request.write('one');
    sent.request.addTrailers({ 'x-check': 'yes' });
    sent.request.end('two');
    const answer = await sent.response;
    const got = JSON.parse(await text(answer));
    assert.deepEqual([got.body, fields(got.trailers)], ['onetwo', { 'x-check': ['yes'] }]);
    assert.deepEqual(answer.trailers, { 'x-sum': '6' });

    const asked = begin(berth, 'mein-ladchen', 'POST', '/', { headers: { expect: '100-continue', 'content-length': 5 } });
    asked.request.flushHeaders();
    await new Promise((done) => asked.request.once('continue', done));
    asked.request.end('hello');
    assert.equal(JSON.parse(await text(await asked.response)).body, 'hello');
    const refused = begin(berth, 'mein-ladchen', 'POST', '/refuse', { headers: { expect: '100-continue', 'content-length': 1 << 30 } });
    refused.request.flushHeaders();
    assert.equal((await refused.response).statusCode, 413);
    refused.request.destroy();
  });

  test('an event stream comes as it is written, and ends for the app when its reader goes', async () => {
    const { request, response } = begin(berth, 'mein-ladchen', 'GET', '/events');
    request.end();
    const stream = await response;
    let came = '';
    stream.on('data', (piece) => (came += piece));
    stream.on('error', () => {});
    for (const word of ['one', 'two', 'three']) {
      await get(`/say?text=${word}`);
      await eventually(word, () => came.endsWith(`data: ${word}\n\n`));
    }
    request.destroy();
    await eventually('the app sees it go', async () => (await get('/open')).body === '0');
  });

  test('a request and its answer pass each other', async () => {
    const { request, response } = begin(berth, 'mein-ladchen', 'POST', '/back', { headers: { 'transfer-encoding': 'chunked' } });
    request.write('first');
    const answer = await response;
    let came = '';
    answer.on('data', (piece) => (came += piece));
    await eventually('the first is back', () => came === 'first');
    request.write('second');
    await eventually('the second too', () => came === 'firstsecond');
    const ended = new Promise((done) => answer.on('end', done));
    request.end();
    await ended;
  });

  test(`${much / 1e6} MB up, down and both at once: Berth stays as small as it was`, async () => {
    const { pid } = berth.child;
    await get('/pid');
    const begun = resident(pid);
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, resident(pid))), 20);
    const block = Buffer.alloc(1 << 20, 'y');
    const pour = async (request) => {
      for (let left = much; left > 0; left -= block.length) {
        const piece = left < block.length ? block.subarray(0, left) : block;
        if (!request.write(piece)) await new Promise((done) => request.once('drain', done));
      }
      request.end();
    };
    const count = async (response) => {
      let bytes = 0;
      for await (const piece of response) bytes += piece.length;
      return bytes;
    };
    try {
      for (const framing of ['&length', '']) {
        const down = begin(berth, 'mein-ladchen', 'GET', `/down?bytes=${much}${framing}`);
        down.request.end();
        assert.equal(await count(await down.response), much);
      }
      for (const headers of [{ 'content-length': much }, { 'transfer-encoding': 'chunked' }]) {
        const up = begin(berth, 'mein-ladchen', 'PUT', '/up', { headers });
        await pour(up.request);
        assert.equal(await text(await up.response), String(much));
      }
      const both = begin(berth, 'mein-ladchen', 'POST', '/back', { headers: { 'content-length': much } });
      const [, back] = await Promise.all([pour(both.request), both.response.then(count)]);
      assert.equal(back, much);
    } finally {
      clearInterval(watch);
    }
    assert.ok(most - begun < flat, `${begun.toFixed(0)} MiB before, ${most.toFixed(0)} at the most`);
  });

  test('who does not read holds up the app, and not Berth', async () => {
    const { pid } = berth.child;
    const begun = resident(pid);
    const wire = new Wire(berth.port, { read: false });
    await wire.connected;
    wire.send(`GET /down?bytes=${much} HTTP/1.1\r\nHost: ${hostOf(berth, 'mein-ladchen')}\r\nConnection: close\r\n\r\n`);
    for (let i = 0; i < 20; i++) assert.equal((await get('/pid')).status, 200); // all others are served meanwhile
    assert.ok(resident(pid) - begun < flat);
    wire.read();
    await wire.end('a slow reader', 120);
    assert.ok(wire.bytes > much);
  });

  test('a WebSocket is as long as both want it, and its messages are as they were', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${berth.port}/socket`, { headers: { host: hostOf(berth, 'mein-ladchen') } });
    const messages = [];
    socket.on('message', (data) => messages.push(data.toString('latin1')));
    await new Promise((done, fail) => socket.on('open', done).on('error', fail));
    await eventually('the greeting', () => messages.length === 1);
    assert.deepEqual(fields(JSON.parse(messages[0])).host, [hostOf(berth, 'mein-ladchen')]);
    const long = 'z'.repeat(3_000_000);
    socket.send(long);
    socket.send('short');
    await eventually('both are back', () => messages.length === 3);
    assert.ok(messages[1] === long && messages[2] === 'short');
    const closed = new Promise((done) => socket.on('close', done));
    socket.close(4001);
    assert.equal(await closed, 4001);

    const refused = new WebSocket(`ws://127.0.0.1:${berth.port}/elsewhere`, { headers: { host: hostOf(berth, 'mein-ladchen') } });
    const status = await new Promise((done) => refused.on('unexpected-response', (_, response) => done(response.statusCode)).on('error', () => {}));
    assert.equal(status, 403);
  });

  test('a kept connection serves one request after the other, also after the app has closed its own', async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const first = await get('/pid', { agent });
      for (let i = 0; i < 50; i++) assert.equal((await get('/pid', { agent })).body, first.body);
      await get('/break', { agent }).then(assert.fail, (error) => assert.match(error.message, /aborted|hang up/));
      assert.equal((await get('/pid', { agent })).body, first.body);
    } finally {
      agent.destroy();
    }
  });

  test('its address moves with its name, and the old one leads to it as long as nobody else has it', async () => {
    const other = await berth.online('plain');
    await berth.patch(`/api/apps/${other.id}`, { name: 'Renamed' });
    assert.equal((await berth.app(other.id)).slug, 'renamed');
    const moved = await ask(berth, 'plain', '/x?y=1', { method: 'POST' });
    assert.deepEqual([moved.status, moved.headers.location], [308, `http://${hostOf(berth, 'renamed')}/x?y=1`]);
    await berth.kill();
    await berth.serve();
    assert.equal((await ask(berth, 'plain')).status, 308, 'after a restart too');
    const heir = await berth.online('plain');
    assert.equal(JSON.parse((await ask(berth, 'plain')).body).url, '/');
    assert.equal((await ask(berth, 'renamed')).status, 200);
    for (const each of [other, heir]) await berth.delete(`/api/apps/${each.id}?cleanup=true`);
    assert.equal((await ask(berth, 'plain')).status, 404);
  });

  test('two names that fold to one', async () => {
    const [a, b] = [await berth.create('same name'), await berth.create('same-name')];
    assert.deepEqual([a.slug, b.slug], ['same-name', 'same-name-2']);
    const far = await berth.create('日本語');
    assert.equal(far.slug, far.id);
    await berth.post('/api/apps/actions', { action: 'delete', ids: [a.id, b.id, far.id] });
  });

  test('a name that nobody has: the list, for people and programs', async () => {
    const program = await ask(berth, 'nosuch', '/api/apps');
    assert.deepEqual([program.status, JSON.parse(program.body).code], [404, 'app_not_found']);
    assert.deepEqual(JSON.parse(program.body).names, [`http://${hostOf(berth, 'mein-ladchen')}`]);
    const person = await ask(berth, 'nosuch', '/', { headers: navigation });
    assert.equal(person.status, 404);
    assert.match(person.headers['content-type'], /^text\/html/);
    assert.match(person.body, /href="http:\/\/mein-ladchen\.localhost/);
  });

  test('the command line knows the address', async () => {
    const shown = await cli(berth.url, ['show', app.id]);
    assert.match(shown.stdout, new RegExp(`http://mein-ladchen\\.localhost:${berth.port}`));
    const listed = await cli(berth.url, ['ls', '--format', 'slug']);
    assert.equal(listed.stdout, 'mein-ladchen\n');
  });
});

describe('an app that is not online, by its name', { timeout: 240_000 }, () => {
  test('a stopped, a crashed and a starting one: in words; who asks for one that starts waits', () =>
    using({ scaffold: namedApp }, async (berth) => {
      const app = await berth.online('shop');
      const late = path.join(berth.directory(app), 'late');
      await berth.post(`/api/apps/${app.id}/stop`);
      const stopped = await ask(berth, 'shop');
      assert.deepEqual([stopped.status, JSON.parse(stopped.body).code], [503, 'app_unavailable']);
      assert.match(JSON.parse(stopped.body).detail, /"shop" is stopped/);
      assert.ok(Number(stopped.headers['retry-after']) > 0);

      // Requests wait while it starts, a body unread.
      writeFileSync(late, '');
      await berth.post(`/api/apps/${app.id}/restart`);
      await berth.reaches(app.id, 'launching');
      const waiting = Array.from({ length: 20 }, () => ask(berth, 'shop', '/up', { method: 'PUT', body: 'x'.repeat(100_000) }));
      const first = await Promise.race([Promise.any(waiting), berth.get('/api/health').then(() => 'none yet')]);
      assert.equal(first, 'none yet');
      unlinkSync(late);
      for (const answer of await Promise.all(waiting)) assert.deepEqual([answer.status, answer.body], [200, '100000']);

      await ask(berth, 'shop', '/exit');
      await berth.reaches(app.id, 'errored');
      const crashed = await ask(berth, 'shop', '/', { headers: navigation });
      assert.equal(crashed.status, 503);
      assert.match(crashed.body, /has crashed.*exited with code 1/s);
    }));
});
