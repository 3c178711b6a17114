// HTTP as nobody should speak it: forged hosts, two readings of one request, odd targets, bodies made to hurt, floods on one
// connection. Each is answered in words or the connection ends; nothing is changed, nothing is read, the server lives on.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { Wire, answers, exchange, resident } from './support/raw.mjs';

const id = 'aaaaaaaa01';
const app = {
  id, name: 'target', category: null, directory: `./created-apps/${id}`, port: 20_001, createdAt: '2026-01-31T14:30:00.000Z',
  pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0,
};

describe('hostile HTTP', { timeout: 240_000 }, () => {
  let berth, manifest, own, pid;
  before(async () => {
    berth = await Berth.start({ manifest: JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: { [id]: app } }) });
    manifest = JSON.stringify((await berth.get('/api/manifest')).body);
    own = `localhost:${berth.port}`;
    pid = berth.child.pid;
  });
  after(() => berth.close());

  /** The one answer to a request; PORT stands for Berth's own. */
  const ask = async (bytes) => {
    const all = await exchange(berth.port, bytes.replaceAll('PORT', berth.port));
    assert.ok(all.length <= 1, `${all.length} answers to ${JSON.stringify(bytes.slice(0, 200))}`);
    return all[0];
  };
  const get = (target, ...fields) => [`GET ${target} HTTP/1.1`, `Host: ${own}`, 'Connection: close', ...fields, '', ''].join('\r\n');
  const post = (fields, body) =>
    `POST /api/apps HTTP/1.1\r\nHost: ${own}\r\nContent-Type: application/json\r\nConnection: close\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
  const json = (body) => post([`Content-Length: ${Buffer.byteLength(body, 'latin1')}`], body);

  const hosts = [
    ['evil.example', 421], ['evil.example:PORT', 421], ['localhost', 421], ['localhost:1', 421], ['localhost:0PORT', 421],
    ['localhost:PORT.evil.example', 421], ['localhost.:PORT', 421], ['user@localhost:PORT', 421], ['localhost:PORT@evil.example', 421],
    ['127.0.0.2:PORT', 421], ['127.1:PORT', 421], ['2130706433:PORT', 421], ['0x7f.0.0.1:PORT', 421], ['0.0.0.0:PORT', 421],
    ['[::]:PORT', 421], ['[::ffff:127.0.0.1]:PORT', 421], ['[::1%25lo]:PORT', 421], ['::1:PORT', 421], ['a.app.localhost:PORT', 421],
    ['localhost:PORT, evil.example', 421], ['localhost:PORT\r\nHost: evil.example', 421], ['localhost:PORT\r\nHost: localhost:PORT', 421],
    ['', 421], ['localhost:PORT/', 421], ['localhost\0:PORT', 400],
    ['localhost:PORT', 200], ['LOCALHOST:PORT', 200], ['127.0.0.1:PORT', 200], ['[::1]:PORT', 200],
  ];
  for (const [host, status] of hosts)
    test(`Host ${JSON.stringify(host)}: ${status}`, async () => {
      const answer = await ask(`GET /api/apps HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      assert.equal(answer.status, status, answer.body);
      if (status !== 200) assert.doesNotMatch(answer.body, /target/);
    });

  test('a request that names no host, or another one in its target, is not for Berth', async () => {
    assert.equal((await ask('GET /api/apps HTTP/1.0\r\n\r\n')).status, 421);
    assert.equal((await ask('GET /api/apps HTTP/1.1\r\nConnection: close\r\n\r\n')).status, 421);
    const targets = [
      ['http://evil.example/api/apps', 421], ['http://localhost:PORT@evil.example/api/apps', 421], ['http://user@localhost:PORT/api/apps', 421],
      ['http://localhost:PORT\\.evil.example/api/apps', 421], ['http://localhost/api/apps', 421], ['http:///api/apps', 400],
      ['https://localhost:PORT/api/apps', 400], ['ws://localhost:PORT/api/events', 400], ['localhost:PORT', 400], ['*', 400], ['api/apps', 400],
      ['http://localhost:PORT/api/apps', 200], ['HTTP://127.0.0.1:PORT/api/apps', 200],
    ];
    for (const [target, status] of targets) assert.equal((await ask(get(target))).status, status, target);
    // An own target does not excuse a foreign Host.
    const mismatch = `GET http://localhost:${berth.port}/api/apps HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    assert.equal((await ask(mismatch)).status, 421);
  });

  test('no request has two readings: lengths, encodings, chunks, line ends', async () => {
    const length = 'Content-Length: 2', chunked = 'Transfer-Encoding: chunked';
    const bad = [
      [[length, chunked], '0\r\n\r\n'], [[chunked, length], '0\r\n\r\n'], [[length, length], '{}'], [[length, 'Content-Length: 3'], '{}'],
      [['Content-Length: 2, 2'], '{}'], [['Content-Length: 2 2'], '{}'], [['Content-Length: +2'], '{}'], [['Content-Length: -2'], '{}'],
      [['Content-Length: 0x2'], '{}'], [['Content-Length:'], '{}'], [['Content-Length: 18446744073709551618'], '{}'], [['Content-Length : 2'], '{}'],
      [['Transfer-Encoding: , chunked'], '0\r\n\r\n'], [['Transfer-Encoding: xchunked'], '0\r\n\r\n'], [['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'],
      [['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'], [['Transfer-Encoding: identity'], '{}'], [['Transfer-Encoding: "chunked"'], '0\r\n\r\n'],
      [['Transfer-Encoding: \x0bchunked'], '0\r\n\r\n'], [['Transfer-Encoding : chunked'], '0\r\n\r\n'], [[chunked, chunked], '0\r\n\r\n'],
      [[chunked], '0x2\r\n{}\r\n0\r\n\r\n'], [[chunked], '-2\r\n{}\r\n0\r\n\r\n'], [[chunked], '2 \r\n{}\r\n0\r\n\r\n'], [[chunked], '2\n{}\r\n0\r\n\r\n'],
      [[chunked], '2\r\n{}0\r\n\r\n'], [[chunked], '2\r\n{}x\r\n0\r\n\r\n'], [[chunked], 'fffffffffffffffffff2\r\n{}\r\n0\r\n\r\n'], [[chunked], '\r\n2\r\n{}\r\n0\r\n\r\n'],
      [[chunked], '2\r\n{}\r\n0\r\nContent-Length: 2\r\n\r\n'], [[chunked], '2\r\n{}\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n'],
      [[chunked], `2;${'x'.repeat(4000)}=\r\n{}\r\n0\r\n\r\n`],
      [[length, 'X: a\rOrigin: http://evil.example'], '{}'], [[length, 'X: a\nOrigin: http://evil.example'], '{}'], [[length, 'X: a\0b'], '{}'],
    ];
    for (const [fields, body] of bad) {
      const answer = await ask(post(fields, body));
      assert.equal(answer.status, 400, `${JSON.stringify([fields, body]).slice(0, 200)}: ${answer.body}`);
    }
    const folded = await ask(get('/api/apps', 'Origin:\r\n http://evil.example'));
    assert.equal(folded.status, 403, 'a folded Origin is an Origin');
    for (const start of ['GET /\n', 'GET / HTTP/1.1\n', 'GET  / HTTP/1.1', 'GET / HTTP/1.2', 'GET / HTTP/2.0', 'PRI * HTTP/2.0', 'GET /', '\x16\x03\x01\x02\0\x01\0\x01\xfc'])
      assert.equal((await ask(`${start}\r\nHost: ${own}\r\n\r\n`)).status, 400, JSON.stringify(start));
  });

  test('what stands behind a refused body is not taken for a request', async () => {
    const hidden = `DELETE /api/apps/${id} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`;
    for (const fields of ['Content-Length: 0\r\nTransfer-Encoding: chunked', `Content-Length: 0\r\nContent-Length: ${hidden.length}`])
      assert.equal((await ask(post([fields], hidden))).status, 400);
    const form = `POST /api/apps HTTP/1.1\r\nHost: ${own}\r\nContent-Type: text/plain\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`;
    assert.equal((await ask(form)).status, 415);
    // Read to its end, as an app may have this name, and then no JSON.
    const named = await ask(`POST /api/apps/NOSUCH/stop HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`);
    assert.equal(named.status, 400);
    // No path, no method, or no operation that could be: refused before the body is looked at.
    for (const [line, status] of [['PUT /api/apps', 405], ['POST /api/nothing', 404], ['POST /', 405], ['GET /api/nothing', 404], ['DELETE /api/operations/NOSUCH', 404]])
      assert.equal((await ask(`${line} HTTP/1.1\r\nHost: ${own}\r\nContent-Type: application/json\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`)).status, status);
  });

  test('after a fault in the framing the connection ends: nothing behind it is taken for a request', async () => {
    const hidden = `DELETE /api/apps/${id} HTTP/1.1\r\nHost: ${own}\r\n\r\n`;
    const faults = ['identity', 'xchunked', 'gzip', '', 'chunked, identity', 'identity, chunked', 'chunked, chunked'].map((coding) => `Transfer-Encoding: ${coding}`);
    for (const fault of [...faults, 'Content-Length: 0\r\nContent-Length: 0', 'Content-Length: 0, 0'])
      for (const line of ['POST /api/apps HTTP/1.1', 'GET /api/apps HTTP/1.1']) {
        const all = await exchange(berth.port, `${line}\r\nHost: ${own}\r\nContent-Type: application/json\r\n${fault}\r\n\r\n${hidden}`);
        assert.deepEqual(all.map((answer) => [answer.status, answer.headers.connection]), [[400, 'close']], `${line} ${fault}`);
      }
  });

  test('the end of a chunked body may come in any pieces', async () => {
    const wire = new Wire(berth.port);
    await wire.connected;
    wire.socket.setNoDelay(true);
    wire.send(post(['Transfer-Encoding: chunked'], ''));
    // A piece at a time: the next one when the server has answered somebody else, so that it has seen this one.
    for (const piece of ['0', '\r', '\n', '\r', '\n']) {
      await ask(get('/api/health'));
      wire.send(piece);
    }
    await wire.end('chunks');
    assert.equal(answers(wire.received)[0]?.status, 201);
    const made = JSON.parse(answers(wire.received)[0].body);
    assert.equal((await berth.delete(`/api/apps/${made.id}`)).status, 200);
  });

  test('chunk sizes with endless extensions, and endless trailers, end early', async () => {
    const before = resident(pid);
    const endless = [['2;', 431], ['0\r\n', 431], ['0\r\nA: ', 431], ['1;a=', 431]];
    for (const [start, status] of endless) {
      const wire = new Wire(berth.port);
      await wire.connected;
      wire.send(post(['Transfer-Encoding: chunked'], start));
      await wire.pour(Buffer.alloc(64 * 1024, 'x'), 512 << 20);
      await wire.end(start);
      assert.ok(wire.sent < 64 << 20, `${start}: ${wire.sent} bytes were taken`);
      const answer = answers(wire.received)[0];
      if (answer) assert.equal(answer.status, status, answer.body); // a client that only writes may miss it
    }
    // Each chunk is small, and so is the body: it is the wrapping that has no end.
    const wire = new Wire(berth.port);
    await wire.connected;
    wire.send(post(['Transfer-Encoding: chunked'], ''));
    await wire.pour(Buffer.from(`1;${'x'.repeat(4000)}\r\n \r\n`.repeat(16)), 512 << 20);
    assert.ok(wire.sent < 64 << 20, `${wire.sent} bytes were taken`);
    wire.close();
    const grown = resident(pid) - before;
    assert.ok(grown < 32, `memory grew by ${grown} MiB`);
  });

  test('odd targets find nothing: dots, slashes, NUL, overlong and double encoding', async () => {
    const targets = [
      ['/../../../../etc/passwd', 404], ['/%2e%2e/%2e%2e/etc/passwd', 404], ['/..%2f..%2fetc%2fpasswd', 404], ['/%252e%252e%252fetc/passwd', 404],
      ['//etc/passwd', 404], ['/\\..\\..\\etc\\passwd', 404], ['/assets/../index.html', 404], ['/assets/%2e%2e/index.html', 404], ['/index.html/', 404],
      ['/index.html.br', 404], ['/%00', 400], ['/index.html%00.js', 400], ['/%c0%ae%c0%ae/etc/passwd', 400], ['/%ff', 400], ['/%ed%a0%80', 400], ['/%', 400], ['/%zz', 400],
      ['/#fragment', 400], ['/?a=%00', 400], ['/api/apps/..', 404], [`/api/apps/${id}%00/logs`, 400], [`/api/apps/${id}%2f..%2f..%2fmanifest.json`, 404],
      [`/api/apps/${id}/logs/..`, 404], [`/api/apps/${id}/logs/stdout%2f..%2f..%2f..%2fmanifest.json`, 404], ['/api/apps/%2e%2e/logs', 404], ['/api//apps', 404],
      ['/api/apps/', 404], ['/api/apps;x=1', 404], [`/api/apps/${id.toUpperCase()}/logs`, 404],
    ];
    for (const [target, status] of targets) {
      const answer = await ask(get(target));
      assert.equal(answer.status, status, `${target}: ${answer.body}`);
      assert.doesNotMatch(answer.body, /root:|<!doctype/i, target);
    }
  });

  test('methods do what their path says, or nothing', async () => {
    for (const method of ['OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'PUT', 'PROPFIND', 'get', 'G\x80T'.slice(0, 1), 'X'.repeat(200)])
      for (const target of ['/', '/api/apps', `/api/apps/${id}`]) {
        if (method === 'PATCH' && target.includes(id)) continue; // edits it
        const { status, headers } = await ask(`${method} ${target} HTTP/1.1\r\nHost: ${own}\r\nConnection: close\r\n\r\n`);
        assert.equal(status, 405, `${method} ${target}`);
        assert.match(headers.allow, /GET, HEAD/);
        assert.equal(headers['access-control-allow-origin'], undefined);
      }
    const overridden = await ask(get(`/api/apps/${id}`, 'X-HTTP-Method-Override: DELETE', 'X-Method-Override: DELETE'));
    assert.equal(overridden.status, 200);
  });

  test('JSON made to hurt is refused: depth, repeats, numbers, surrogates, leftovers', async () => {
    const bodies = [
      '{"a":'.repeat(10_000), `${'['.repeat(32_000)}${']'.repeat(32_000)}`, '{"name":'.repeat(9) + '1' + '}'.repeat(9), '{"name":"a","\\u006eame":"b"}',
      '{"name":1e999}', '{"name":-0}', '{"name":99999999999999999999999999999999}', '{"name":NaN}', '{"name":"\\ud800"}', '{"name":"\\udc00\\ud800"}', '{"name":"\xff"}',
      '{"name":"\xc0\xae"}', '{"name":"\xed\xa0\x80"}', '{"name":"a\\u0000b"}', '{"name":"x"}x', '{"name":"x"}{"name":"y"}', '{"name":"x",}', "{'name':'x'}",
      '// \n{}', '{"__proto__":{"name":"x"}}', '{"constructor":1}', `{"name":"${'\\u0041'.repeat(10_000)}"}`, '"'.repeat(60_000), '\0'.repeat(1000), 'null', '""', '\xfe\xff\0{\0}',
    ];
    for (const body of bodies) {
      const answer = await ask(json(body));
      assert.equal(answer.status, 400, `${body.slice(0, 60)}: ${answer.body}`);
      assert.equal(JSON.parse(answer.body).code, 'invalid_request');
      assert.ok(answer.body.length < 1000, 'the answer repeats no more than it has to');
    }
  });

  test('10,000 requests on one connection that reads nothing are answered when it reads; memory stays flat', async () => {
    const before = resident(pid);
    const wire = new Wire(berth.port, { read: false });
    await wire.connected;
    const request = `GET /api/openapi.json HTTP/1.1\r\nHost: ${own}\r\n\r\n`; // of 100 KB: a gigabyte of answers
    wire.send(request.repeat(9_999));
    // Others are served meanwhile.
    for (let i = 0; i < 20; i++) assert.equal((await ask(get('/api/health'))).status, 200);
    const grown = resident(pid) - before;
    assert.ok(grown < 16, `memory grew by ${grown} MiB`);
    wire.close();
    const all = new Wire(berth.port);
    await all.connected;
    all.send(`GET /api/nothing HTTP/1.1\r\nHost: ${own}\r\n\r\n`.repeat(9_999) + get('/api/nothing'));
    let count = 0;
    let rest = '';
    all.onData = (piece) => {
      const text = rest + piece.toString('latin1');
      count += text.split('HTTP/1.1 404').length - 1;
      rest = text.slice(-11);
    };
    await all.end('10,000 requests');
    assert.equal(count, 10_000);
  });

  test('half-closed, Expect, Range, and upgrades where there are none', async () => {
    const half = new Wire(berth.port);
    await half.connected;
    half.send(`GET /api/health HTTP/1.1\r\nHost: ${own}\r\n\r\n`);
    half.socket.end();
    await half.end('half');
    assert.equal(answers(half.received)[0].status, 200, 'who has said all still gets the answer');
    const whole = await ask(get('/api/openapi.json'));
    const ranged = await ask(get('/api/openapi.json', 'Range: bytes=0-10,5-20,0-'));
    assert.deepEqual([ranged.status, ranged.body.length], [200, whole.body.length]);
    const expecting = await ask(`POST /api/apps HTTP/1.1\r\nHost: ${own}\r\nContent-Type: application/json\r\nContent-Length: 70000\r\nExpect: 100-continue\r\n\r\n`);
    assert.equal(expecting.status, 413, 'refused before the body is sent');
    // RFC 9110, 10.1.1: no 100 to a client of HTTP/1.0.
    const old = new Wire(berth.port);
    await old.connected;
    old.send(`POST /api/apps/nobody/stop HTTP/1.0\r\nHost: ${own}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`);
    await ask(get('/api/health')); // by then it has seen the header
    old.send('{}');
    await old.end('Expect of HTTP/1.0');
    assert.match(old.received, /^HTTP\/1.0 404 /);
    // RFC 9112, 2.2: an empty line before a request.
    assert.equal((await ask(`\r\n${get('/api/health')}`)).status, 200);
    const needed = await ask(get('/api/events'));
    assert.deepEqual([needed.status, needed.headers.upgrade], [426, 'websocket']);
    assert.equal((await ask(get('/api/health', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'))).status, 200);
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    assert.equal((await ask(get('/api/apps', ...upgrade))).status, 200, 'no WebSocket but at /api/events');
  });

  test('and after all that nothing has changed', async () => {
    assert.equal(JSON.stringify((await berth.get('/api/manifest')).body), manifest);
    assert.equal(berth.child.exitCode, null);
    assert.equal(berth.child.pid, pid);
  });
});
