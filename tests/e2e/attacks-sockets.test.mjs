// A WebSocket client that breaks the protocol, sends without end or never reads: it is closed or waits, the server's memory stays
// flat, everybody else is served. BERTH_ATTACKS=full sends the whole gigabyte; without it, enough to see that it would not grow.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync, constants } from 'node:zlib';

import { Berth, eventually } from './support/berth.mjs';
import { Events } from './support/events.mjs';
import { Wire, answers, closeCode, frame, opcode, openSocket, resident, stuck } from './support/raw.mjs';

const much = process.env.BERTH_ATTACKS === 'full' ? 1 << 30 : 96 << 20;
const limit = 64 * 1024; // of a message
const ids = Array.from({ length: 80 }, (_, i) => `aaaaaaaa${String(i).padStart(2, '0')}`);
const apps = ids.map((id, i) => [id, {
  id, name: `app ${i}`, category: null, directory: `./created-apps/${id}`, port: 20_001 + i, createdAt: '2026-01-31T14:30:00.000Z',
  pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0,
}]);

describe('hostile WebSockets', { timeout: 240_000 }, () => {
  let berth, calm, pid;
  before(async () => {
    const manifest = JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_199], apps: Object.fromEntries(apps) });
    berth = await Berth.start({ manifest, scaffold: '/bin/false' });
    pid = berth.child.pid;
    calm = await Events.open(berth); // somebody who does nothing wrong
  });
  after(async () => {
    await calm.close();
    await berth.close();
  });

  /** What the attack left the server's memory at, above what it was, MiB; and the calm client must still be heard. */
  const grownBy = async (attack) => {
    const before = resident(pid);
    await attack();
    const grown = resident(pid) - before;
    const errors = calm.of('error').length;
    calm.send('{}');
    await eventually('the calm client is answered', () => calm.of('error').length > errors);
    console.log(`memory grew by ${grown.toFixed(1)} MiB`);
    return grown;
  };

  test('handshakes with a bad key, version, method or place, or with a body, are refused', async () => {
    const good = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
    const rows = [
      [{ 'Sec-WebSocket-Version': '8' }, 426], [{ 'Sec-WebSocket-Version': '13, 8' }, 426], [{ 'Sec-WebSocket-Version': null }, 426], [{ 'Sec-WebSocket-Key': null }, 400],
      [{ 'Sec-WebSocket-Key': 'short' }, 400], [{ 'Sec-WebSocket-Key': 'x'.repeat(4000) }, 400], [{ Upgrade: 'websockets' }, 426], [{ Connection: 'close' }, 426],
      [{ 'Content-Type': 'application/json', 'Content-Length': '2' }, 400], [{ Origin: 'null' }, 403], [{ Origin: 'http://localhost:3100' }, 403], [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    ];
    for (const [change, status] of rows) {
      const wire = new Wire(berth.port);
      await wire.connected;
      const lines = Object.entries({ ...good, ...change }).filter(([, value]) => value !== null);
      wire.send(`GET /api/events HTTP/1.1\r\nHost: localhost:${berth.port}\r\n${lines.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`);
      await wire.until('\r\n\r\n');
      wire.close();
      assert.match(wire.received, new RegExp(`^HTTP/1.1 ${status} `), JSON.stringify(change));
    }
    const posted = new Wire(berth.port);
    await posted.connected;
    posted.send(`POST /api/events HTTP/1.1\r\nHost: localhost:${berth.port}\r\n${Object.entries(good).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`);
    await posted.until('\r\n\r\n');
    posted.close();
    assert.equal(answers(posted.received)[0].status, 405);
  });

  const broken = [
    ['an unmasked frame', frame(opcode.text, '{}', { mask: false }), 1002],
    ['a reserved bit', frame(opcode.text, '{}', { reserved: 2 }), 1002],
    ['a compressed frame that was not agreed on', frame(opcode.text, '{}', { reserved: 4 }), 1002],
    ['a reserved opcode', frame(3, '{}'), 1002],
    ['a reserved control opcode', frame(11, ''), 1002],
    ['a ping of 126 bytes', frame(opcode.ping, 'x'.repeat(126)), 1002],
    ['a ping in two parts', frame(opcode.ping, 'x', { fin: false }), 1002],
    ['a continuation of nothing', frame(opcode.more, '{}'), 1002],
    ['a message within a message', Buffer.concat([frame(opcode.text, '{', { fin: false }), frame(opcode.text, '}')]), 1002],
    ['a close with one byte', frame(opcode.close, 'x'), 1002],
    ['a length beyond 2^63', frame(opcode.text, '', { length: 0xffffffffffffffffn }), 1009],
    ['a length of 2^62', frame(opcode.text, '', { length: 1n << 62n }), 1009],
    ['a message over the bound', frame(opcode.text, ' '.repeat(limit + 1)), 1009],
    ['a message over the bound, in small parts', Buffer.concat([frame(opcode.text, ' '.repeat(9000), { fin: false }), ...Array(8).fill(frame(opcode.more, ' '.repeat(9000), { fin: false }))]), 1009],
    ['text that is not UTF-8', frame(opcode.text, Buffer.from([0xc0, 0xae])), 1007],
    ['a surrogate in UTF-8', frame(opcode.text, Buffer.from([0xed, 0xa0, 0x80])), 1007],
    ['a binary message', frame(opcode.binary, '{}'), 1003],
  ];
  for (const [what, bytes, code] of broken)
    test(`${what} closes with ${code}`, async () => {
      const wire = await openSocket(berth.port);
      wire.send(bytes);
      if (code === 1003) {
        // Berth's own wish: it waits for the client's goodbye.
        await eventually('the close', () => closeCode(wire) === code);
        wire.send(frame(opcode.close, Buffer.from([code >> 8, code & 255])));
      }
      await wire.end(what);
      assert.equal(closeCode(wire), code);
    });

  test('a small frame that inflates to 64 MiB is stopped at the bound of a message', async () => {
    const deflated = (size) => deflateRawSync(Buffer.alloc(size, ' '), { finishFlush: constants.Z_SYNC_FLUSH, windowBits: 15, memLevel: 9 }).subarray(0, -4);
    const grown = await grownBy(async () => {
      for (const size of [limit + 1, 64 << 20]) {
        const wire = await openSocket(berth.port, { fields: ['Sec-WebSocket-Extensions: permessage-deflate'] });
        assert.match(wire.received, /permessage-deflate/);
        wire.send(frame(opcode.text, deflated(size), { reserved: 4 }));
        await wire.end('a bomb');
        assert.equal(closeCode(wire), 1009, `${size}`);
      }
      const garbage = await openSocket(berth.port, { fields: ['Sec-WebSocket-Extensions: permessage-deflate'] });
      garbage.send(frame(opcode.text, Buffer.alloc(1000, 0xff), { reserved: 4 }));
      await garbage.end('garbage');
    });
    assert.ok(grown < 8, `memory grew by ${grown} MiB`);
  });

  test('a client that sends a gigabyte in frames over the bound, or as one message in parts, is closed early', async () => {
    const grown = await grownBy(async () => {
      const piece = { over: frame(opcode.text, 'x'.repeat(limit + 1)), part: frame(opcode.more, 'x'.repeat(32 * 1024), { fin: false }) };
      for (const [what, first, next] of [['over', piece.over, piece.over], ['parts', frame(opcode.text, '', { fin: false }), piece.part]]) {
        const wire = await openSocket(berth.port);
        wire.send(first);
        await wire.pour(next, 1 << 30);
        wire.close();
        assert.ok(wire.sent < 64 << 20, `${what}: ${wire.sent} bytes were taken`);
      }
    });
    assert.ok(grown < 8, `memory grew by ${grown} MiB`);
  });

  test('a gigabyte of messages within the bound is answered, if the answers are read; memory stays flat', async () => {
    const nonsense = frame(opcode.text, 'x'.repeat(limit - 100));
    const grown = await grownBy(async () => {
      const reads = await openSocket(berth.port);
      assert.ok((await reads.pour(nonsense, much)) >= much, 'a client that reads may send as much as it likes');
      reads.close();
    });
    assert.ok(grown < 16, `memory grew by ${grown} MiB`);
  });

  test('clients that ask nonsense and read no answers are no longer listened to; memory stays flat', async () => {
    const nonsense = Buffer.concat(Array(8192).fill(frame(opcode.text, '{}')));
    const grown = await grownBy(async () => {
      const deaf = await Promise.all(Array.from({ length: 4 }, () => openSocket(berth.port, { read: false })));
      const poured = deaf.map((wire) => wire.pour(nonsense, much));
      await stuck(deaf, much);
      assert.equal((await berth.get('/api/health')).status, 200);
      const waiting = deaf.filter((wire) => wire.sent < much).length;
      assert.equal(waiting, deaf.length, 'a client that is not answered cannot go on asking');
      deaf.forEach((wire) => wire.close());
      await Promise.all(poured);
    });
    assert.ok(grown < 16, `memory grew by ${grown} MiB`);
  });

  test('a flood of pings that nobody reads the pongs of holds up nobody', async () => {
    const pings = Buffer.concat(Array(4096).fill(frame(opcode.ping, 'x'.repeat(125))));
    const grown = await grownBy(async () => {
      const deaf = await openSocket(berth.port, { read: false });
      const poured = deaf.pour(pings, much);
      await stuck([deaf], much);
      assert.ok(deaf.sent < much, 'who reads no pongs cannot go on pinging');
      assert.equal((await berth.get('/api/health')).status, 200);
      deaf.close();
      await poured;
    });
    assert.ok(grown < 8, `memory grew by ${grown} MiB`);
  });

  test('ids made of path characters and thousands of follows are answered in words', async () => {
    const client = await Events.open(berth);
    const odd = ['../../../etc/passwd', '..', '.', '/', 'a/b', `${ids[0]}/../x`, `${ids[0]}\0`, '', ids[0].toUpperCase(), '\u202e', '__proto__', 'x'.repeat(60_000), '%2e%2e'];
    for (const id of odd) {
      const before = client.of('error').length;
      client.send({ type: 'follow', id });
      const [answer] = await eventually(`an answer to ${id.slice(0, 20)}`, () => client.of('error').length > before && client.of('error').slice(before));
      assert.equal(answer.code, 'app_not_found', id);
      assert.ok(answer.detail.length < 400, 'the answer repeats no more than it has to');
    }
    let errors = client.of('error').length;
    const grown = await grownBy(async () => {
      for (let round = 0; round < 50; round++) for (const id of ids) client.send({ type: 'follow', id });
      await eventually('the ones beyond 64 are refused', () => client.of('error').length >= errors + 50 * 16, 60);
    });
    assert.match(client.of('error').at(-1).detail, /at most 64 logs/);
    assert.ok(grown < 16, `memory grew by ${grown} MiB`);
    client.send('['.repeat(limit - 1));
    await eventually('depth is refused', () => /nested|JSON/.test(client.of('error').at(-1).detail));
    await client.close();
  });

  test('clients that never read while a log is flooded and a thousand changes happen: the others see all, memory stays flat', async () => {
    mkdirSync(path.join(berth.root, 'logs'), { recursive: true });
    const log = path.join(berth.root, 'logs', `orch-${ids[0]}-out.log`);
    const deaf = [];
    const seen = calm.of('operation').length;
    const grown = await grownBy(async () => {
      for (let i = 0; i < 20; i++) {
        const wire = await openSocket(berth.port, { read: false });
        wire.send(frame(opcode.text, JSON.stringify({ type: 'follow', id: ids[0], from: { stdout: 0, stderr: 0 } })));
        deaf.push(wire);
      }
      const lines = `${'flood '.repeat(170)}\n`.repeat(1024);
      for (let written = 0; written < much; written += lines.length) {
        appendFileSync(log, lines);
        if (written % (16 << 20) < lines.length) assert.equal((await berth.get('/api/health')).status, 200);
      }
      // Each fails at once and is told of in four messages.
      for (let made = 0; made < 256; made += 8)
        await Promise.all(Array.from({ length: 8 }, () => berth.post('/api/apps', {}).then(({ status }) => assert.equal(status, 500))));
    });
    assert.ok(calm.of('operation').length - seen >= 768, `${calm.of('operation').length - seen} operation messages`);
    for (const wire of deaf) wire.close();
    assert.ok(grown < 48, `memory grew by ${grown} MiB`); // of 20 clients: what the sockets do not take
  });
});
