// Attacks on ports that are held for apps that sleep: floods, bytes that are no request, clients that vanish, and what a hostile
// page or name may try.
import assert from 'node:assert/strict';
import { unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { accepts, askAt, isAsleep, putToSleep } from './support/asleep.mjs';
import { Berth, eventually } from './support/berth.mjs';
import { namedApp } from './support/named.mjs';
import { Wire, answers, exchange, resident, stuck } from './support/raw.mjs';

const full = process.env.BERTH_ATTACKS === 'full';
const flat = 40; // MiB

describe('attacks on held ports', { timeout: 280_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start({ scaffold: namedApp });
    app = await berth.online('<script>alert(1)</script>');
    await putToSleep(berth, app);
  });
  after(() => berth.close());
  const late = () => path.join(berth.directory(app), 'late'); // while it is there, the app does not listen
  const get = (fields = '') => `GET / HTTP/1.1\r\nHost: localhost:${app.port}\r\nConnection: close\r\n${fields}\r\n`;

  test('what is no request, or none of anybody here, is refused and wakes nobody', async () => {
    const long = 'x'.repeat(9000);
    const rows = [
      ['\0\0\0\0', 400], ['SSH-2.0-x\r\n\r\n', 400], ['GET /\r\n\r\n', 400], ['GET / HTTP/2.0\r\n\r\n', 400], ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
      ['EHLO there\r\n\r\n', 400], [`GET /${long} HTTP/1.1\r\n\r\n`, 431], [get(`X: ${long}\r\n`), 431], [get('X: 1\r\n'.repeat(1500)), 431],
      [get('Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'), 400], [get('Content-Length: 1\r\nContent-Length: 2\r\n'), 400], [get('X: a\nb\r\n'), 400],
      [get('Sec-Fetch-Site: cross-site\r\n'), 403], [get('Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nOrigin: http://localhost:1\r\n'), 403],
      [get('Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site\r\n'), 403], [get('Sec-Fetch-Site: cross-site, same-origin\r\n'), 403],
      [get('Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n'), 403],
      [get('Connection: Upgrade\r\nUpgrade: websocket\r\nOrigin: null\r\n'), 503],
    ];
    for (const [bytes, status] of rows) {
      const all = await exchange(app.port, bytes);
      assert.deepEqual(all.map((answer) => answer.status), [status], JSON.stringify(bytes.slice(0, 100)));
      assert.doesNotMatch(all[0].body, /<script/);
      assert.match(all[0].headers['content-security-policy'], /default-src 'none'/);
    }
    assert.ok(await isAsleep(berth, app));
  });

  test('a crowd that says nothing keeps nobody out for longer than its 10 s', async () => {
    const crowd = Array.from({ length: full ? 1000 : 200 }, () => new Wire(app.port));
    await Promise.all(crowd.map((wire) => wire.connected));
    crowd.forEach((wire, i) => i % 2 && wire.send('GET / HT'));
    assert.equal((await berth.get('/api/health')).status, 200);
    await Promise.all(crowd.map((wire) => wire.end('a crowd')));
    assert.ok(await isAsleep(berth, app));
    for (let i = 0; i < 300; i++) assert.ok(await accepts(app.port)); // a scan
    assert.ok(await isAsleep(berth, app));
  });

  test('64 bodies without an end wait with their clients, and those who vanish are forgotten', async () => {
    const begun = resident(berth.child.pid);
    writeFileSync(late(), '');
    const wires = Array.from({ length: 64 }, () => new Wire(app.port));
    await Promise.all(wires.map((wire) => wire.connected));
    const post = `POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n`;
    for (const wire of wires) wire.send(post);
    const poured = wires.map((wire) => wire.pour(Buffer.alloc(1 << 16, 'x'), 1e9));
    await stuck(wires, 1e9);
    assert.ok(resident(berth.child.pid) - begun < flat, `${begun.toFixed(0)} MiB before, ${resident(berth.child.pid).toFixed(0)} after`);
    const connections = async () => (await berth.call('GET', '/metrics')).body.match(/^berth_http_connections (\d+)/m)?.[1];
    const before = Number(await connections());
    for (const wire of wires) wire.socket.resetAndDestroy();
    await Promise.all(poured);
    await eventually('they are gone', async () => Number(await connections()) <= before - 64);
    unlinkSync(late());
    await berth.reaches(app.id, 'online');
    assert.equal((await askAt(app.port, '/pid')).status, 200);
  });

  test('Berth itself is never behind such a port', async () => {
    await putToSleep(berth, app);
    const [answer] = await exchange(app.port, `GET /api/apps HTTP/1.1\r\nHost: localhost:${berth.port}\r\nConnection: close\r\n\r\n`);
    assert.equal(answer.status, 404); // the app's own
    await putToSleep(berth, app);
    // What stands behind a request is the app's to judge, byte for byte.
    const two = `GET /pid HTTP/1.1\r\nHost: a\r\n\r\nGET /api/health HTTP/1.1\r\nHost: localhost:${berth.port}\r\nConnection: close\r\n\r\n`;
    const wire = new Wire(app.port);
    await wire.connected;
    wire.send(two);
    await wire.end(two);
    assert.match(wire.received, /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 404 /);
    assert.doesNotMatch(wire.received, /uptime/);
    assert.ok(answers(wire.received).length > 0);
  });
});
