// The WebSocket: what happens is told as it happens, and a log is followed without a gap.
import assert from 'node:assert/strict';
import { appendFileSync, openSync, closeSync, ftruncateSync, renameSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause } from './support/berth.mjs';
import { Events, Follower } from './support/events.mjs';

const logFile = (berth, app, kind = 'out') => path.join(berth.root, 'logs', `orch-${app.id}-${kind}.log`);

describe('events', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('snapshot first; then a create from its first phase to online, a crash, a removal; revisions only count up', async () => {
    const events = await Events.open(berth);
    assert.equal(events.messages[0].type, 'snapshot');
    const app = await berth.create('seen');
    await events.waitFor('online', (m) => m.type === 'app' && m.app.id === app.id && m.app.status === 'online');
    const phases = events.of('operation').map((m) => m.operation.phase);
    assert.deepEqual([...new Set(phases)], ['waiting', 'scaffolding', 'starting', 'done']);
    await berth.ask(app, '/exit?code=1');
    await events.waitFor('errored', (m) => m.type === 'app' && m.app.status === 'errored');
    assert.ok(events.of('event').some((m) => m.id === app.id && m.name === 'exit'));
    await berth.delete(`/api/apps/${app.id}`);
    await events.waitFor('removed', (m) => m.type === 'removed' && m.id === app.id);
    const revisions = events.messages.filter((m) => 'revision' in m).map((m) => m.revision);
    assert.deepEqual(revisions, [...revisions].sort((a, b) => a - b));
    assert.equal(new Set(revisions).size, revisions.length);
    await events.close();
  });

  test('a client that comes in the middle of a create sees it', async () => {
    const slow = await Berth.start({ environment: { BERTH_SMALL_APP: 'slow' } });
    try {
      const made = slow.post('/api/apps', { name: 'under way' });
      await eventually('shown', async () => (await slow.get('/api/operations')).body[0]?.phase === 'scaffolding');
      const events = await Events.open(slow);
      assert.equal(events.messages[0].operations[0].name, 'under way');
      writeFileSync(path.join(slow.root, 'created-apps', 'RELEASE'), '');
      assert.equal((await made).status, 201);
      await events.waitFor('its end', (m) => m.type === 'operation' && m.operation.phase === 'done');
      await events.close();
    } finally {
      await slow.close();
    }
  });

  test('bad messages are answered; the connection stays', async () => {
    const events = await Events.open(berth);
    for (const bad of ['{', '[]', '{"type":"dance"}', '{"type":"follow"}', '{"type":"follow","id":"nosuchapp0"}',
      '{"type":"follow","id":1}', '{"type":"follow","id":"nosuchapp0","tailBytes":-1}']) {
      const before = events.of('error').length;
      events.send(bad);
      await eventually(`an answer to ${bad}`, () => events.of('error').length > before);
    }
    await events.close();
  });

  test('foreign pages do not get in', async () => {
    for (const options of [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `http://localhost:${berth.port + 1}` }, { headers: { host: 'evil.example' } }])
      await assert.rejects(Events.open(berth, options), /Unexpected server response: (403|421)/);
    const own = await Events.open(berth, { origin: berth.url });
    await own.close();
  });

  test('the server going away says so: 1001', async () => {
    const other = await Berth.start();
    const events = await Events.open(other);
    await other.kill('SIGTERM');
    assert.equal(await events.closed, 1001);
    await other.close();
  });
});

describe('following a log', { timeout: 200_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('writer');
  });
  after(() => berth.close());

  const follow = async (follower, tailBytes) => {
    const events = await Events.open(berth);
    events.onMessage = (m) => follower.take(m);
    events.send(follower.request(tailBytes));
    return events;
  };
  const quiet = async () => {
    await berth.post(`/api/apps/${app.id}/stop`);
    truncateSync(logFile(berth, app));
  };

  test('every byte once and in order across 100 reconnects while the app writes', async () => {
    const follower = new Follower(app.id);
    follower.from = 0;
    let writing = true;
    const writer = (async () => {
      for (let i = 0; writing; i++) {
        await berth.ask(app, `/log?lines=200&text=${encodeURIComponent(`round ${i} äöü 日本語 👩‍💻`)}`);
        await pause(5);
      }
    })();
    for (let i = 0; i < 100; i++) {
      const events = await follow(follower);
      await pause(Math.random() * 30);
      await events.close();
    }
    writing = false;
    await writer;
    const events = await follow(follower);
    const size = await eventually('the file is at rest', async () => {
      const before = statSync(logFile(berth, app)).size;
      await pause(200);
      return statSync(logFile(berth, app)).size === before && before;
    });
    await eventually('all is here', () => follower.from === size);
    await events.close();
    assert.deepEqual(follower.problems, []);
    assert.equal(follower.resets, 0);
    const { readFileSync } = await import('node:fs');
    assert.ok(follower.text === readFileSync(logFile(berth, app), 'utf8'), 'the text is the file');
    console.log(`${size} bytes over 101 connections`);
  });

  test('truncation and rotation by rename begin again at 0, after a reset', async () => {
    await quiet();
    const follower = new Follower(app.id);
    const events = await follow(follower);
    const file = logFile(berth, app);
    appendFileSync(file, 'before\n');
    await eventually('before', () => follower.text === 'before\n');
    truncateSync(file);
    await eventually('a reset', () => follower.resets === 1);
    appendFileSync(file, 'after truncation\n');
    await eventually('after', () => follower.text === 'after truncation\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, 'a new file, longer than the old one was\n');
    await eventually('a second reset', () => follower.resets === 2 && follower.text.startsWith('a new file'));
    assert.deepEqual(follower.problems, []);
    await events.close();
  });

  test('a UTF-8 character split between writes comes whole; invalid bytes become U+FFFD', async () => {
    await quiet();
    const follower = new Follower(app.id);
    const events = await follow(follower);
    const file = logFile(berth, app);
    const woman = Buffer.from('👩');
    appendFileSync(file, Buffer.concat([Buffer.from('a'), woman.subarray(0, 2)]));
    await eventually('a', () => follower.text === 'a');
    appendFileSync(file, woman.subarray(2));
    await eventually('whole', () => follower.text === 'a👩');
    assert.equal(follower.from, 5);
    appendFileSync(file, Buffer.from([0xff, 0x62, 0xc3, 0x28]));
    await eventually('replaced', () => follower.text === 'a👩\uFFFDb\uFFFD(');
    appendFileSync(file, woman.subarray(0, 2)); // and the rest never comes
    await eventually('given up', () => follower.text.endsWith('(\uFFFD'));
    assert.equal(follower.from, statSync(file).size);
    assert.deepEqual(follower.problems, []);
    await events.close();
  });

  test('a 2 GiB file is opened at its tail at once', async () => {
    await quiet();
    const file = logFile(berth, app);
    const handle = openSync(file, 'r+');
    ftruncateSync(handle, 2 ** 31);
    writeSync(handle, '\nthe last line\n', 2 ** 31);
    closeSync(handle);
    const follower = new Follower(app.id);
    const events = await follow(follower, 14);
    await eventually('the tail', () => follower.text === 'the last line\n', 5);
    assert.equal(follower.from, 2 ** 31 + 15);
    const { body } = await berth.get(`/api/apps/${app.id}/logs?tail=1`);
    assert.equal(body.stdout, 'the last line\n');
    await events.close();
    truncateSync(file);
  });

  test('ten readers that do not read disturb nobody', async () => {
    await quiet();
    const file = logFile(berth, app);
    const resident = async () =>
      Number(/^process_resident_memory_bytes (\S+)$/m.exec((await berth.get('/metrics')).body)[1]);
    const before = await resident();
    const slow = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const events = await Events.open(berth);
        events.send({ type: 'follow', id: app.id });
        events.socket._socket.pause();
        return events;
      }),
    );
    const follower = new Follower(app.id);
    const events = await follow(follower);
    await eventually('caught up', () => follower.from === 0);
    const block = ('x'.repeat(99) + '\n').repeat(10_000); // 1 MB
    for (let i = 0; i < 50; i++) appendFileSync(file, block);
    await eventually('the quick one has all', () => follower.from === 50_000_000, 60);
    assert.equal(follower.text.length, 50_000_000);
    assert.deepEqual(follower.problems, []);
    const grown = ((await resident()) - before) / 2 ** 20;
    console.log(`memory grew by ${grown.toFixed(1)} MiB`);
    assert.ok(grown < 64, `${grown} MiB`);
    await Promise.all([...slow, events].map((e) => e.close()));
    truncateSync(file);
  });

  test('an app followed twice over one connection: every piece carries the number of its follow', async () => {
    await quiet();
    const events = await Events.open(berth);
    const textOf = (follow) => events.of('log').filter((m) => m.follow === follow && m.stream === 'stdout').map((m) => m.text).join('');
    for (const follow of [1, 2]) events.send({ type: 'follow', id: app.id, follow });
    await eventually('both are caught up', () => events.of('log').length === 4);
    appendFileSync(logFile(berth, app), 'to both\n');
    await eventually('both heard', () => textOf(1) === 'to both\n' && textOf(2) === 'to both\n');
    events.send({ type: 'unfollow', id: app.id, follow: 1 });
    events.send({ type: 'follow', id: 'nosuchapp0' }); // answered in order: the unfollow is done when this is
    await eventually('the answer', () => events.of('error').length === 1);
    appendFileSync(logFile(berth, app), 'to one\n');
    await eventually('one heard', () => textOf(2) === 'to both\nto one\n'); // the other, which was the first, would have before
    assert.equal(textOf(1), 'to both\n');
    await events.close();
  });

  test('after unfollow nothing more comes', async () => {
    await quiet();
    const follower = new Follower(app.id);
    const events = await follow(follower);
    await eventually('caught up', () => follower.from !== undefined);
    events.send({ type: 'unfollow', id: app.id });
    events.send({ type: 'follow', id: 'nosuchapp0' }); // answered in order: the unfollow is done when this is
    await eventually('the answer', () => events.of('error').length === 1);
    appendFileSync(logFile(berth, app), 'unheard\n');
    await pause(600);
    assert.equal(follower.text, '');
    await events.close();
  });
});
