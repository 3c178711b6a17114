// Crowds and sloth: more connections than there may be, headers and bodies without end, requests a byte at a time, a system that
// gives few descriptors. What is too much is refused in words; who was there before, and the work itself, go on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';
import { Wire, answers, cpuSeconds, exchange, resident } from './support/raw.mjs';

const most = 4096; // connections
const reserved = 128; // descriptors that no connection gets
const descriptors = Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))[1]);
const nothing = JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: {} });
const health = (berth, ...fields) => ['GET /api/health HTTP/1.1', `Host: localhost:${berth.port}`, ...fields, '', ''].join('\r\n');

/** Opens so many idle connections and waits until each is either let in (silent) or turned away. */
async function crowd(berth, count) {
  const wires = [];
  for (let i = 0; i < count; i++) {
    wires.push(new Wire(berth.port));
    if (i % 256 === 255) await Promise.all(wires.slice(-256).map((w) => w.connected));
  }
  await Promise.all(wires.map((w) => w.connected));
  const last = await exchange(berth.port, health(berth, 'Connection: close'));
  const refused = () => wires.filter((w) => w.received !== '');
  return { wires, refused, last: last[0], close: () => wires.forEach((w) => w.close()) };
}

/** A connection that was there before the crowd. */
async function kept(berth) {
  const wire = new Wire(berth.port);
  await wire.connected;
  const ask = async (request = health(berth)) => {
    wire.received = '';
    wire.send(request);
    for (;;) {
      await wire.until('\r\n\r\n');
      const [answer] = answers(wire.received);
      if (wire.over || (answer && answer.body.length >= Number(answer.headers['content-length']))) return answer;
      await new Promise((done) => wire.socket.once('data', () => setImmediate(done)));
    }
  };
  return { wire, ask };
}

describe('crowds', { timeout: 240_000 }, () => {
  test('5,000 connections: those beyond the bound get a 503 in words, the ones before go on, and the rest is welcome again when they leave', async () => {
    const berth = await Berth.start({ manifest: nothing });
    try {
      const events = await Events.open(berth);
      const before = await kept(berth);
      assert.equal((await before.ask()).status, 200);
      const memory = resident(berth.child.pid);
      const count = Math.min(5000, descriptors - 300);
      const all = await crowd(berth, count);
      const room = Math.min(most, descriptors - reserved);
      if (count > room) {
        assert.equal(all.last.status, 503);
        assert.equal(all.last.headers['retry-after'], '1');
        assert.equal(JSON.parse(all.last.body).code, 'too_many_connections');
        await eventually('those beyond are refused', () => all.refused().length >= count - room);
        const refused = all.refused();
        // The test's own connections to the server take a few places.
        assert.ok(refused.length <= count - room + 16, `${refused.length} of ${count} were refused`);
        await Promise.all(refused.map((wire) => wire.end('a refused connection')));
        for (const wire of refused) assert.equal(answers(wire.received)[0].status, 503);
        const turnedAway = await cli(berth.url, ['ls']);
        assert.notEqual(turnedAway.code, 0);
        assert.match(turnedAway.stderr, /as many connections open as it allows/);
      }
      assert.equal((await before.ask()).status, 200);
      events.send('{}');
      await eventually('the WebSocket is served', () => events.of('error').length > 0);
      const grown = resident(berth.child.pid) - memory;
      console.log(`${all.wires.length} connections: ${grown.toFixed(1)} MiB, ${all.refused().length} refused`);
      assert.ok(grown < 128, `memory grew by ${grown} MiB`);
      all.close();
      const listed = await eventually('the command line is served', async () => {
        const run = await cli(berth.url, ['ls', '--json']);
        return run.code === 0 && run;
      });
      assert.equal(listed.stdout.trim(), '[]');
      assert.equal(berth.log.match(/further ones are refused/g)?.length ?? 0, count > room ? 1 : 0, 'said once');
      await events.close();
    } finally {
      await berth.close();
    }
  });

  test('with 256 descriptors the crowd gets some of them, and an app can still be created', async () => {
    const berth = await Berth.start({ through: ['bash', '-c', 'ulimit -n 256; exec "$0" "$@"'] });
    try {
      const before = await kept(berth);
      assert.equal((await before.ask()).status, 200);
      const all = await crowd(berth, 400);
      assert.equal(all.last.status, 503);
      await eventually('those beyond are refused', () => all.refused().length >= 400 - 128);
      const body = '{"name":"in the crowd"}';
      const post = `POST /api/apps HTTP/1.1\r\nHost: localhost:${berth.port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const made = await before.ask(post);
      assert.equal(made.status, 201, made.body);
      all.close();
      await berth.reaches(JSON.parse(made.body).id, 'online');
    } finally {
      await berth.close();
    }
  });

  test('without a descriptor left, accepting waits, without spinning and without a word more than one; then it goes on', async () => {
    const berth = await Berth.start({ manifest: nothing });
    try {
      const { pid } = berth.child;
      const limit = (count) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${count}:${descriptors}`]);
      const open = new Set(readdirSync(`/proc/${pid}/fd`).map(Number));
      let free = 0;
      while (open.has(free)) free++;
      limit(free + 4);
      const wires = Array.from({ length: 200 }, () => new Wire(berth.port).send(health(berth)));
      await eventually('it cannot accept', () => berth.log.includes('cannot be accepted'));
      const cpu = cpuSeconds(pid);
      const since = process.hrtime.bigint();
      await eventually('two seconds', () => process.hrtime.bigint() - since > 2_000_000_000n);
      const used = cpuSeconds(pid) - cpu;
      assert.ok(used < 1, `${used} s of processor time in 2 s`);
      assert.ok(berth.log.match(/cannot be accepted/g).length <= 2, 'said once for each address');
      limit(descriptors);
      for (const wire of wires) assert.match(await wire.until('\r\n\r\n'), /^HTTP\/1.1 200/);
      for (const wire of wires) wire.close();
    } finally {
      await berth.close();
    }
  });
});

describe('sloth and endlessness', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start({ manifest: nothing })));
  after(() => berth.close());

  test('headers and bodies without end are refused long before a gigabyte, announced or not', async () => {
    const before = resident(berth.child.pid);
    const head = `POST /api/apps HTTP/1.1\r\nHost: localhost:${berth.port}\r\nContent-Type: application/json\r\n`;
    const rows = [
      ['one long field', `${head}X: `, 'x'.repeat(65536), 431],
      ['many fields', head, 'A: b\r\n'.repeat(10_000), 431],
      ['a long target', 'GET /', 'x'.repeat(65536), 431],
      ['a long method', '', 'G'.repeat(65536), 431],
      ['empty lines', '', '\r\n'.repeat(32_768), 400],
      ['an announced body', `${head}Content-Length: 1073741824\r\n\r\n`, ' '.repeat(65536), 413],
      ['chunks', `${head}Transfer-Encoding: chunked\r\n\r\n`, `4000\r\n${' '.repeat(0x4000)}\r\n`, 413],
    ];
    for (const [what, start, piece, status] of rows) {
      // Who sends a little too much is told; who goes on and on may be cut off before it has read that.
      const [answer] = await exchange(berth.port, start + piece.repeat(8));
      assert.equal(answer?.status, status, what);
      const wire = new Wire(berth.port);
      await wire.connected;
      wire.send(start);
      await wire.pour(Buffer.from(piece), 1 << 30);
      wire.close();
      assert.ok(wire.sent < 64 << 20, `${what}: ${wire.sent} bytes were taken`);
    }
    const grown = resident(berth.child.pid) - before;
    assert.ok(grown < 16, `memory grew by ${grown} MiB`);
  });

  test('a byte a second, in a header or a body, ends after ten seconds; 500 of them starve nobody', async () => {
    const head = `POST /api/apps HTTP/1.1\r\nHost: localhost:${berth.port}\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n`;
    const slow = Array.from({ length: 500 }, (_, i) => new Wire(berth.port).send(i % 2 ? head : 'GET /api/apps HTTP/1.1\r\nX: '));
    await Promise.all(slow.map((wire) => wire.connected));
    const drip = setInterval(() => slow.forEach((wire) => wire.over || wire.send(' ')), 1000);
    const silent = Array.from({ length: 500 }, () => new Wire(berth.port));
    try {
      let served = 0;
      const over = Promise.all(slow.map((wire) => wire.end('a slow request'))).then(() => (slow.done = true));
      while (!slow.done) {
        assert.equal((await exchange(berth.port, health(berth, 'Connection: close')))[0].status, 200);
        served++;
      }
      await over;
      assert.ok(served > 0);
      for (const wire of slow) assert.equal(answers(wire.received)[0]?.status, 408);
    } finally {
      clearInterval(drip);
      for (const wire of [...slow, ...silent]) wire.close();
    }
  });
});
