// The port of an app that sleeps: what is sent there on purpose wakes it and arrives as it was sent, and nothing else does.
import assert from 'node:assert/strict';
import { unlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { WebSocket } from 'ws';

import { accepts, askAt, beginAt, isAsleep, pourInto, putToSleep } from './support/asleep.mjs';
import { Berth, eventually } from './support/berth.mjs';
import { ask, begin, namedApp, text } from './support/named.mjs';
import { Wire, answers, resident } from './support/raw.mjs';

const full = process.env.BERTH_ATTACKS === 'full';
const much = full ? 1_000_000_000 : 100_000_000; // bytes
const flat = 40; // MiB that Berth may grow by while they pass

const navigation = { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' };

describe('an app that sleeps', { timeout: 280_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start({ scaffold: namedApp });
    app = await berth.online('Sleeper');
  });
  after(() => berth.close());
  const late = () => path.join(berth.directory(app), 'late'); // while it is there, the app does not listen
  const pid = () => askAt(app.port, '/pid').then((answer) => Number(answer.body));

  test('a request to its port wakes it, and is answered by the app', async () => {
    const first = await pid();
    for (const host of ['127.0.0.1', '::1']) {
      await putToSleep(berth, app);
      assert.equal((await berth.app(app.id)).status, 'stopped');
      const answer = await askAt(app.port, '/?a=%zz', { method: 'POST', host, body: 'hello', headers: { 'x-ODD': '1', connection: 'keep-alive' } });
      assert.equal(answer.status, 200);
      const got = JSON.parse(answer.body);
      assert.deepEqual([got.method, got.url, got.body], ['POST', '/?a=%zz', 'hello']);
      assert.deepEqual(got.headers.slice(0, 6), ['host', `localhost:${app.port}`, 'x-ODD', '1', 'connection', 'keep-alive']); // as it was sent
      const now = await berth.reaches(app.id, 'online');
      assert.equal(now.asleep, false);
    }
    assert.notEqual(await pid(), first);
  });

  test('a request by its name does, and a page that is opened', async () => {
    await putToSleep(berth, app);
    const answer = await ask(berth, 'sleeper', '/pid', { headers: navigation });
    assert.equal(answer.status, 200);
    assert.equal(Number(answer.body), await pid());
    await putToSleep(berth, app);
    assert.equal((await askAt(app.port, '/pid', { headers: { ...navigation, 'sec-fetch-site': 'cross-site' } })).status, 200);
    assert.equal(await isAsleep(berth, app), false);
  });

  test(`${much / 1e6} MB that are sent while it starts arrive whole, by port and by name`, async () => {
    for (const start of [() => beginAt(app.port, 'POST', '/up'), () => begin(berth, 'sleeper', 'POST', '/up')]) {
      await putToSleep(berth, app);
      const begun = resident(berth.child.pid);
      const { request, response } = start();
      await pourInto(request, much);
      assert.equal(await text(await response), String(much));
      const grown = resident(berth.child.pid) - begun;
      assert.ok(grown < flat, `Berth grew by ${grown.toFixed(0)} MiB`);
    }
  });

  test('another site, a tab that connects again, a bare connect and what is not HTTP do not', async () => {
    await putToSleep(berth, app);
    const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' };
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    for (const to of [(headers) => askAt(app.port, '/', { headers }), (headers) => ask(berth, 'sleeper', '/', { headers })]) {
      const refused = await to(foreign);
      assert.deepEqual([refused.status, JSON.parse(refused.body).code], [403, 'forbidden_origin']);
      const frame = await to({ 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' });
      assert.equal(frame.status, 403);
      const tab = await to({ ...upgrade, origin: `http://localhost:${app.port}` });
      assert.equal(tab.status, 503);
      assert.ok(tab.headers['retry-after']);
    }
    for (const host of ['127.0.0.1', '::1']) assert.ok(await accepts(app.port, host));
    const [hello] = await new Promise((done) => {
      const wire = new Wire(app.port);
      wire.send(Buffer.from('160301020001000001fc0303', 'hex'));
      wire.ended.then(() => done(answers(wire.received)));
    });
    assert.equal(hello.status, 400);
    const half = new Wire(app.port);
    await half.connected;
    half.send('GET / HTTP/1.1\r\nHost: local');
    const silent = new Wire(app.port);
    await Promise.all([half.end('half a head'), silent.end('nothing')]); // 10 s
    assert.equal(answers(half.received)[0].status, 408);
    assert.equal(silent.received, '');
    assert.ok(await isAsleep(berth, app));
  });

  test('64 wait for it, and who comes then is told so at once', async () => {
    await putToSleep(berth, app);
    const wires = Array.from({ length: 70 }, () => new Wire(app.port));
    await Promise.all(wires.map((wire) => wire.connected));
    await eventually('six are turned away', () => wires.filter((wire) => wire.over).length === 6);
    const [away, waiting] = [wires.filter((wire) => wire.over), wires.filter((wire) => !wire.over)];
    for (const wire of away) {
      const [answer] = answers(wire.received);
      assert.deepEqual([answer.status, JSON.parse(answer.body).code], [503, 'too_many_connections']);
      assert.ok(answer.headers['retry-after']);
    }
    for (const wire of waiting) wire.send('GET /pid HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await Promise.all(waiting.map((wire) => wire.end('held')));
    const status = waiting.map((wire) => answers(wire.received)[0]?.status);
    assert.deepEqual(status, Array(64).fill(200));
  });

  test('an event stream and a WebSocket begin while it sleeps', async () => {
    await putToSleep(berth, app);
    const stream = beginAt(app.port, 'GET', '/events');
    stream.request.end();
    const events = await stream.response;
    let came = '';
    events.on('data', (piece) => (came += piece));
    events.on('error', () => {});
    await askAt(app.port, '/say?text=one');
    await eventually('the event', () => came === 'data: one\n\n');
    stream.request.destroy();
    await putToSleep(berth, app);
    const socket = new WebSocket(`ws://localhost:${app.port}/socket`);
    const said = [];
    socket.on('message', (data) => said.push(String(data)));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.send('hello');
    await eventually('its echo', () => said.at(-1) === 'hello');
    const closed = new Promise((done) => socket.on('close', done));
    socket.close(1000);
    assert.equal(await closed, 1000);
  });

  test('stopped while it wakes: who waits hears so, and the port is free', async () => {
    await putToSleep(berth, app);
    writeFileSync(late(), '');
    const waiting = askAt(app.port, '/pid', { headers: navigation });
    await eventually('it wakes', async () => !(await berth.app(app.id)).asleep);
    assert.equal((await berth.post(`/api/apps/${app.id}/stop`)).status, 200);
    const answer = await waiting;
    assert.equal(answer.status, 503);
    assert.match(answer.body, /is (being )?stopped/);
    assert.doesNotMatch(answer.body, /<script/);
    const now = await berth.reaches(app.id, 'stopped');
    assert.equal(now.asleep, false);
    assert.equal(await accepts(app.port), false);
    unlinkSync(late());
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
  });

  test('one that crashes when it is woken: 503 with the reason, a page for people', async () => {
    await putToSleep(berth, app);
    const script = path.join(berth.directory(app), 'package.json');
    const good = { name: 'named', private: true, scripts: { dev: 'node server.cjs' } };
    writeFileSync(script, JSON.stringify({ ...good, scripts: { dev: 'node crash.cjs' } }));
    writeFileSync(path.join(berth.directory(app), 'crash.cjs'), 'console.error("<b>no</b>"); process.exit(3)');
    const program = askAt(app.port, '/');
    const person = askAt(app.port, '/', { headers: navigation });
    const answer = await program;
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [503, 'app_unavailable']);
    assert.match(JSON.parse(answer.body).detail, /exited with code 3/);
    const page = await person;
    assert.match(page.body, /exited with code 3/);
    assert.doesNotMatch(page.body, /<b>no|<script/);
    assert.equal(page.headers.refresh, undefined);
    writeFileSync(script, JSON.stringify(good));
    await berth.reaches(app.id, 'errored');
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
  });

  test('a killed Berth holds the port again when it is back', async () => {
    await putToSleep(berth, app);
    await berth.kill();
    assert.equal(await accepts(app.port), false);
    await berth.serve();
    assert.ok(await isAsleep(berth, app));
    assert.equal((await askAt(app.port, '/pid')).status, 200);
    await berth.reaches(app.id, 'online');
  });

  test('a port that somebody has taken meanwhile is said, and taken back when it is free', async () => {
    await putToSleep(berth, app);
    await berth.kill();
    const stranger = net.createServer().listen(app.port, '127.0.0.1');
    await new Promise((done) => stranger.once('listening', done));
    await berth.serve();
    await eventually('it is said', async () => /But nobody can listen on port/.test((await berth.app(app.id)).statusReason ?? ''));
    await new Promise((done) => stranger.close(done));
    await eventually('it is held', () => accepts(app.port));
    await eventually('nothing is said', async () => !/But/.test((await berth.app(app.id)).statusReason ?? ''));
    assert.equal((await askAt(app.port, '/pid')).status, 200);
    await berth.reaches(app.id, 'online');
  });

  test('pm2’s own start wakes it, and finds the port free', async () => {
    await putToSleep(berth, app);
    await berth.pm2('restart', `orch-${app.id}`);
    const now = await berth.reaches(app.id, 'online');
    assert.equal(now.asleep, false);
    assert.ok((await pid()) > 0);
  });

  test('SIGTERM closes what is held at once', async () => {
    await putToSleep(berth, app);
    const silent = new Wire(app.port);
    await silent.connected;
    await berth.kill('SIGTERM');
    await silent.ended;
    assert.equal(await accepts(app.port), false);
    await berth.serve();
    assert.ok(await isAsleep(berth, app));
  });

  test('deleted while it sleeps: nobody listens there any more', async () => {
    assert.ok(await isAsleep(berth, app));
    assert.equal((await berth.delete(`/api/apps/${app.id}`)).status, 200);
    assert.equal(await accepts(app.port), false);
  });
});
