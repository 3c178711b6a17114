// HTTP as nobody should speak it, to an app by its name: an app, Berth and a client never see two different requests in the same bytes,
// an app's host leads to nothing but the app, and an app or a client that misbehaves hurts nobody else.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { ask, hostOf, namedApp } from './support/named.mjs';
import { Wire, answers, exchange, resident } from './support/raw.mjs';

const full = process.env.BERTH_ATTACKS === 'full';

describe('hostile HTTP through the proxy', { timeout: 240_000 }, () => {
  let berth, app, host, own, pid;
  before(async () => {
    berth = await Berth.start({ scaffold: namedApp });
    app = await berth.online('target');
    host = hostOf(berth, 'target');
    own = `localhost:${berth.port}`;
    pid = berth.child.pid;
  });
  after(() => berth.close());

  const one = (bytes) => exchange(berth.port, bytes);
  const post = (fields, body, path = '/') => `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
  const hidden = () => `GET /say?text=SMUGGLED HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

  test('hosts beside an app’s are nobody’s', async () => {
    const hosts = [
      ['target.localhost.evil.com:PORT', 421], ['target.localhost.evil.com', 421], ['target.localhost.:PORT', 421], ['target..localhost:PORT', 421],
      ['.localhost:PORT', 421], ['a.target.localhost:PORT', 421], ['target.localhost', 421], ['target.localhost:1', 421], ['target.localhost:0PORT', 421],
      ['user@target.localhost:PORT', 421], ['target.localhost:PORT@evil.com', 421], ['target.localhost:PORT, localhost:PORT', 421], ['target_x.localhost:PORT', 421],
      ['target%2elocalhost:PORT', 421], ['target.localhost:PORT\r\nHost: localhost:PORT', 421], ['localhost:PORT\r\nHost: target.localhost:PORT', 421],
      ['target.localhost:PORT\r\nHost: target.localhost:PORT', 421], ['xn--target-.localhost:PORT', 404], ['berth.localhost:PORT', 404], ['api.localhost:PORT', 404],
    ];
    for (const [name, status] of hosts) {
      const [answer] = await one(`GET /api/apps HTTP/1.1\r\nHost: ${name.replaceAll('PORT', berth.port)}\r\nConnection: close\r\n\r\n`);
      assert.equal(answer.status, status, `${name}: ${answer.body}`);
    }
    const targets = [
      [`http://${own}/api/apps`, host, 421], [`http://${host}/`, own, 421], [`http://${host}/pid`, host, 200], [`http://${host}@evil.com/`, host, 421],
      [`http://evil.com/`, host, 421], ['//evil.com/', host, 200], ['*', host, 400], [host, host, 400], [`https://${host}/`, host, 400], ['pid', host, 400],
    ];
    for (const [target, name, status] of targets) {
      const [answer] = await one(`GET ${target} HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`);
      assert.equal(answer.status, status, `${target} ${name}`);
    }
  });

  test('one connection, two hosts: each request is judged by its own', async () => {
    const wire = new Wire(berth.port);
    await wire.connected;
    wire.send(`GET /pid HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /api/health HTTP/1.1\r\nHost: ${own}\r\n\r\nDELETE /api/apps/${app.id} HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /pid HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n`);
    await wire.end('pipelined');
    const codes = wire.received.match(/HTTP\/1\.1 \d+/g).map((line) => line.slice(9));
    assert.deepEqual(codes, ['200', '200', '404', '421']);
    assert.equal((await berth.app(app.id)).status, 'online');
  });

  test('no request has two readings: the app sees none of these, and nothing behind them', async () => {
    const length = `Content-Length: 5`, chunked = 'Transfer-Encoding: chunked';
    const bad = [
      [[length, chunked], '0\r\n\r\n'], [[chunked, length], '0\r\n\r\n'], [[length, length], 'abcde'], [[length, 'Content-Length: 6'], 'abcde'],
      [['Content-Length: 5, 5'], 'abcde'], [['Content-Length: 5 5'], 'abcde'], [['Content-Length: +5'], 'abcde'], [['Content-Length: -5'], 'abcde'],
      [['Content-Length: 0x5'], 'abcde'], [['Content-Length:'], 'abcde'], [['Content-Length: 18446744073709551621'], 'abcde'], [['Content-Length : 5'], 'abcde'],
      [['Transfer-Encoding: , chunked'], '0\r\n\r\n'], [['Transfer-Encoding: xchunked'], '0\r\n\r\n'], [['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'],
      [['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'], [['Transfer-Encoding: identity'], ''], [['Transfer-Encoding: "chunked"'], '0\r\n\r\n'],
      [['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n'], [['Transfer-Encoding : chunked'], '0\r\n\r\n'], [[chunked, chunked], '0\r\n\r\n'], [['Transfer-Encoding:\r\n chunked', length], '0\r\n\r\n'],
      [['X: a\nContent-Length: 5'], 'abcde'], [['X: a\rContent-Length: 5'], 'abcde'], [['X: a\0b'], ''], [['X\0: a'], ''], [[' X: a'], ''], [['X'], ''], [['X Y: a'], ''],
    ];
    for (const [fields, body] of bad) {
      const all = await one(post(fields, body + hidden()));
      assert.deepEqual(all.map((answer) => answer.status), [400], JSON.stringify([fields, body]));
    }
    // Bodies that go bad on their way: the app gets no end of them, the client a 400, what stands behind is nobody's.
    for (const body of ['0x2\r\nab\r\n0\r\n\r\n', '-2\r\nab\r\n0\r\n\r\n', '2 \r\nab\r\n0\r\n\r\n', '2\nab\r\n0\r\n\r\n', '2\r\nab0\r\n\r\n', '2\r\nabx\r\n0\r\n\r\n',
      'fffffffffffffffff2\r\nab\r\n0\r\n\r\n', '\r\n2\r\nab\r\n0\r\n\r\n', '2\r\nab\r\n0\r\nContent-Length: 2\r\n\r\n', '2\r\nab\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n',
      '2;\n\r\nab\r\n0\r\n\r\n', `2;${'x'.repeat(40_000)}\r\nab\r\n0\r\n\r\n`]) {
      const all = await one(post([chunked], body + hidden()));
      assert.ok(all.length === 1 && [400, 431].includes(all[0].status), `${JSON.stringify(body.slice(0, 60))}: ${JSON.stringify(all.map((a) => a.status))}`);
    }
    assert.equal((await ask(berth, 'target', '/pid')).status, 200);
  });

  test('what is one request to Berth is that one to the app: folds, odd chunks and old versions are written anew', async () => {
    const told = async (bytes) => JSON.parse((await one(bytes))[0].body || 'null');
    const folded = await told(post(['X-Fold: a\r\n b', 'Content-Length: 0'], ''));
    assert.deepEqual(folded.headers.filter((_, i, all) => all[i - 1] === 'X-Fold'), ['a b']);
    const wire = await exchange(berth.port, post(['Transfer-Encoding: CHUNKED'], '00002;a=b;c="d"\r\nhi\r\n0;last\r\nX-T: 1\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n'));
    assert.equal(wire[0].status, 200);
    const old = await exchange(berth.port, `GET /pid HTTP/1.0\r\nHost: ${host}\r\n\r\n`);
    assert.deepEqual([old[0].status, old[0].headers.connection], [200, 'close']);
    // Fields that a client must not be able to take away, or to say.
    const named = await told(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close, host, x-forwarded-for, x-forwarded-host, content-length\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-For: 5.6.7.8\r\n\r\n`);
    const values = (name) => named.headers.filter((_, i, all) => i % 2 === 1 && all[i - 1].toLowerCase() === name);
    assert.deepEqual([values('host'), values('x-forwarded-for'), values('x-forwarded-host')], [[host], ['127.0.0.1'], [host]]);
  });

  test('an upgrade that the app refuses leaves no open pipe to it', async () => {
    const upgrade = ['Connection: Upgrade', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const wire = new Wire(berth.port);
    await wire.connected;
    wire.send(`GET /elsewhere HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\n${upgrade.join('\r\n')}\r\n\r\nGET /api/health HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`);
    await wire.end('refused');
    assert.deepEqual(answers(wire.received).map((answer) => answer.status), [403, 200]);
    for (const other of ['h2c', 'TLS/1.0', 'websocket2']) {
      const [answer] = await one(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: ${other}\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`);
      assert.equal(answer.status, 200, other);
    }
  });

  test('floods: heads that never end, connections that say nothing, clients that vanish', async () => {
    const begun = resident(pid);
    const count = full ? 400 : 100;
    const wires = Array.from({ length: count }, () => new Wire(berth.port));
    await Promise.all(wires.map((wire) => wire.connected));
    wires.forEach((wire, i) => wire.send([`GET /hang HTTP/1.1\r\nHost: ${host}\r\n\r\n`, post(['Content-Length: 1000000'], 'x'), `GET /down?bytes=100000000 HTTP/1.1\r\nHost: ${host}\r\n\r\n`][i % 3]));
    assert.equal((await ask(berth, 'target', '/pid')).status, 200);
    for (const wire of wires) wire.close();
    const [large] = await one(`GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`);
    assert.equal(large.status, 431);
    await eventually('the connections to the app end', async () => {
      const { body } = await ask(berth, 'target', '/open');
      return body === '0';
    });
    assert.ok(resident(pid) - begun < 40, `${begun.toFixed(0)} MiB before, ${resident(pid).toFixed(0)} after`);
  });

  test('an app that dies in the middle, or answers nonsense, is told of in words', async () => {
    const [cut] = await one(`GET /break HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.equal(cut.status, 200); // and shorter than it said: the connection's end tells
    await ask(berth, 'target', '/exit').catch(() => {});
    await berth.reaches(app.id, 'errored');
    // Another program on its port is not the app, whatever the name says.
    const stranger = net.createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nstranger')).listen(app.port, '127.0.0.1');
    await new Promise((done) => stranger.once('listening', done));
    const answer = await ask(berth, 'target', '/');
    assert.deepEqual([answer.status, JSON.parse(answer.body).code], [503, 'app_unavailable']);
    stranger.close();
  });
});
