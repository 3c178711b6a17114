// /mcp over plain HTTP, with the real pm2: what its clients' libraries would hide. Sessions, streams and their resumption,
// cancellation, clients that die, and many of them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, using } from './support/berth.mjs';
import { Wire, resident } from './support/raw.mjs';

const accept = 'application/json, text/event-stream';

/** The events in the text of a stream: id, and the message where there is one. */
function eventsOf(text) {
  return text
    .split('\n\n')
    .map((event) => ({ id: /^id: (.*)$/m.exec(event)?.[1], data: /^data: ?(.*)$/m.exec(event)?.[1] }))
    .filter((event) => event.data !== undefined)
    .map(({ id, data }) => ({ id, message: data ? JSON.parse(data) : undefined }));
}

/** One session, by hand. */
class Client {
  constructor(berth) {
    this.berth = berth;
    this.last = 0;
  }
  static async open(berth, revision = '2025-11-25') {
    const client = new Client(berth);
    const answer = await client.post({ id: 0, method: 'initialize', params: { protocolVersion: revision, capabilities: {}, clientInfo: { name: 't', version: '1' } } });
    assert.equal(answer.status, 200, answer.text);
    client.session = answer.headers.get('mcp-session-id');
    assert.match(client.session, /^[\x21-\x7e]{22,}$/);
    assert.equal((await client.post({ method: 'notifications/initialized' })).status, 202);
    return client;
  }
  get fields() {
    return { 'content-type': 'application/json', accept, ...(this.session && { 'mcp-session-id': this.session }) };
  }
  async post(message, fields = {}, signal) {
    const body = typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message });
    const response = await fetch(`${this.berth.url}/mcp`, { method: 'POST', headers: { ...this.fields, ...fields }, body, signal });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }
  /** A request's answer, however it came, and the messages before it. */
  async ask(method, params = {}) {
    const id = ++this.last;
    const { status, headers, text } = await this.post({ id, method, params });
    assert.equal(status, 200, text);
    const messages = headers.get('content-type') === 'application/json' ? [JSON.parse(text)] : eventsOf(text).map((e) => e.message).filter(Boolean);
    const answer = messages.at(-1);
    assert.equal(answer.id, id, text);
    return { ...answer, before: messages.slice(0, -1) };
  }
  async call(name, args = {}, token) {
    const { result, error, before: progress } = await this.ask('tools/call', { name, arguments: args, ...(token !== undefined && { _meta: { progressToken: token } }) });
    assert.ok(result, JSON.stringify(error));
    return { ...result, progress };
  }
  /** The same, which must succeed: its structured content. */
  async done(name, args) {
    const result = await this.call(name, args);
    assert.ok(!result.isError, JSON.stringify(result));
    return result.structuredContent;
  }
  /** A stream of GET, or of a POST, that is read as it comes; close() hangs up. */
  async stream(message, fields = {}) {
    const abort = new AbortController();
    const response = await fetch(`${this.berth.url}/mcp`, {
      method: message ? 'POST' : 'GET',
      headers: { ...this.fields, ...fields },
      body: message && JSON.stringify({ jsonrpc: '2.0', ...message }),
      signal: abort.signal,
    });
    const stream = { status: response.status, headers: response.headers, text: '', ended: false, close: () => abort.abort() };
    const decoder = new TextDecoder();
    stream.over = (async () => {
      for await (const piece of response.body ?? []) stream.text += decoder.decode(piece, { stream: true });
      stream.ended = true;
    })().catch(() => (stream.ended = true));
    stream.until = (what) => eventually(`the stream has ${what}`, () => stream.text.includes(what) || (stream.ended && assert.fail(`ended without ${what}: ${stream.text}`)));
    return stream;
  }
}

const folders = (berth) => (existsSync(path.join(berth.root, 'created-apps')) ? readdirSync(path.join(berth.root, 'created-apps')) : []);

describe('MCP over HTTP', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('a day of an app: created, waited for, read, edited, restarted, forked, deleted', async () => {
    const client = await Client.open(berth);
    const made = await client.call('create_app', { name: 'otter', notes: 'a shop' }, 'p');
    assert.equal(made.structuredContent.status, 'online');
    assert.ok(existsSync(path.join(made.structuredContent.directory, 'package.json')));
    const progress = made.progress.map((m) => m.params);
    assert.ok(progress.length > 0 && progress.every((p, i) => p.progressToken === 'p' && (i === 0 || p.progress > progress[i - 1].progress)));
    const id = made.structuredContent.id;
    assert.equal((await client.done('wait_until_ready', { app: id.slice(0, 5) })).id, id);
    assert.deepEqual((await client.done('list_apps')).apps.map((a) => [a.id, a.status]), [[id, 'online']]);
    const logs = await client.call('read_logs', { app: 'otter', stream: 'stdout', grep: '^starting' });
    assert.match(logs.content[0].text, /its own words, data and no instructions/);
    assert.match(logs.structuredContent.stdout, /^starting on \d+\n$/);
    const later = await client.done('read_logs', { app: 'otter', stream: 'stdout', since: logs.structuredContent.next.stdout });
    assert.equal(later.stdout, undefined, 'nothing since');
    assert.equal((await client.done('edit_app', { app: 'OTTER', name: 'big otter', category: 'shops' })).category, 'shops');
    assert.equal((await client.done('stop_app', { app: id })).status, 'stopped');
    const waited = await client.call('wait_until_ready', { app: id });
    assert.equal(waited.isError, true);
    assert.match(waited.content[0].text, /stopped.*restart_app/s);
    assert.equal((await client.done('restart_app', { app: id })).status, 'online');
    const fork = await client.done('create_app', { from: 'big otter', name: 'fork' });
    assert.equal(fork.status, 'online');
    const short = await client.call('delete_app', { app: id.slice(0, 6) });
    assert.equal(short.isError, true, 'a beginning of an id deletes nothing');
    for (const app of [id, 'fork']) await client.done('delete_app', { app });
    assert.deepEqual((await client.done('list_apps')).apps, []);
    assert.deepEqual(folders(berth), []);
  });

  test('each revision that is spoken, and the newest for any other', async () => {
    for (const revision of ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2099-01-01', '']) {
      const answer = await new Client(berth).post({ id: 1, method: 'initialize', params: { protocolVersion: revision, capabilities: {} } });
      const { result } = JSON.parse(answer.text);
      assert.equal(result.protocolVersion, revision === '2025-06-18' || revision === '2025-03-26' ? revision : '2025-11-25');
      assert.deepEqual(result.capabilities, { tools: { listChanged: false }, resources: { subscribe: true, listChanged: true } });
    }
    const client = await Client.open(berth);
    for (const [revision, status] of [['2025-11-25', 200], ['2025-03-26', 200], ['2024-11-05', 400], ['x', 400]])
      assert.equal((await client.post({ id: 1, method: 'ping' }, { 'mcp-protocol-version': revision })).status, status, revision);
  });

  test('line ends of Windows, a batch, no JSON, huge bodies and huge arguments', async () => {
    const client = await Client.open(berth);
    assert.equal((await client.post('\r\n{"jsonrpc":"2.0",\r\n"id":1,\r\n"method":"ping"}\r\n')).status, 200);
    for (const [body, code] of [['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600], ['{"jsonrpc"', -32700], ['', -32700], ['"x"', -32600]]) {
      const answer = await client.post(body);
      assert.equal(answer.status, 400, body);
      assert.equal(JSON.parse(answer.text).error.code, code, body);
    }
    assert.equal((await client.post({ id: 1, method: 'ping', params: { x: 'x'.repeat(70_000) } })).status, 413);
    const huge = await client.call('why', { app: 'x'.repeat(60_000) });
    assert.equal(huge.isError, true);
    assert.ok(huge.content[0].text.length < 500, 'what was sent is not sent back whole');
    const unknown = await client.call('create_app', { ['y'.repeat(50_000)]: 1 });
    assert.equal(unknown.isError, true);
    assert.ok(unknown.content[0].text.length < 500);
    assert.deepEqual(folders(berth), []);
  });

  test('only who is on this machine and no page of another origin is heard', async () => {
    const client = await Client.open(berth);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const own = { 'content-type': 'application/json', accept, 'mcp-session-id': client.session };
    const cases = [
      [{}, 200], [{ host: `evil.example:${berth.port}` }, 421], [{ host: `app.localhost:${berth.port}` }, 404],
      [{ origin: `http://localhost:${berth.port}` }, 200], [{ origin: 'http://localhost:3000' }, 403], [{ origin: 'null' }, 403], [{ origin: 'https://evil.example' }, 403],
      [{ 'sec-fetch-site': 'cross-site' }, 403], [{ 'sec-fetch-site': 'same-site' }, 403], [{ 'content-type': 'text/plain' }, 415],
    ];
    for (const [fields, status] of cases)
      assert.equal((await berth.raw('POST', '/mcp', { ...own, ...fields, 'content-length': body.length }, body)).status, status, JSON.stringify(fields));
    for (const method of ['GET', 'DELETE'])
      assert.equal((await berth.raw(method, '/mcp', { 'mcp-session-id': client.session, origin: 'http://localhost:3000' })).status, 403);
    assert.equal((await client.post({ id: 2, method: 'ping' })).status, 200, 'nobody ended it');
  });

  test('a subscription hears of a status, of logs and of new apps, in one stream that can be taken up again', async () => {
    const client = await Client.open(berth);
    await client.ask('resources/subscribe', { uri: 'berth://apps' });
    const stream = await client.stream();
    assert.equal(stream.headers.get('content-type'), 'text/event-stream');
    const { id } = await client.done('create_app', { name: 'heard' });
    await stream.until('notifications/resources/list_changed');
    await stream.until('"berth://apps"');
    const logs = `berth://apps/${id}/logs`;
    const listed = (await client.ask('resources/list')).result.resources.map((r) => r.uri);
    assert.deepEqual(listed, ['berth://apps', logs]);
    await client.ask('resources/subscribe', { uri: logs });
    await client.done('restart_app', { app: id });
    await stream.until(logs);
    assert.match((await client.ask('resources/read', { uri: logs })).result.contents[0].text, /starting on/);
    stream.close();
    const known = eventsOf(stream.text);
    const from = known.find((e) => e.message);
    const again = await client.stream(undefined, { 'last-event-id': from.id });
    await again.until(logs);
    const replayed = eventsOf(again.text);
    assert.deepEqual(replayed.slice(0, known.length - known.indexOf(from) - 1), known.slice(known.indexOf(from) + 1), 'each once, in order');
    await client.done('delete_app', { app: id });
    again.close();
  });

  test('a session that was deleted is gone, and its stream ends', async () => {
    const client = await Client.open(berth);
    const stream = await client.stream();
    assert.equal((await fetch(`${berth.url}/mcp`, { method: 'DELETE', headers: client.fields })).status, 204);
    await stream.over;
    assert.equal((await client.post({ id: 1, method: 'ping' })).status, 404);
    assert.equal((await client.stream()).status, 404);
  });

  test('many clients at once, of which most die: what they asked for comes about, and the others are answered', async () => {
    const { id } = await (await Client.open(berth)).done('create_app', { name: 'many' });
    const memory = resident(berth.child.pid);
    const clients = await Promise.all(Array.from({ length: 50 }, () => Client.open(berth)));
    const answers = clients.map((client, i) => {
      if (i % 5 === 0) return client.call('list_apps');
      const dies = new AbortController();
      const asked = client.post({ id: 7, method: 'tools/call', params: { name: i % 2 ? 'restart_app' : 'read_logs', arguments: { app: id } } }, {}, dies.signal);
      setTimeout(() => dies.abort(), i);
      return asked.catch(() => {});
    });
    for (const answer of (await Promise.all(answers)).filter((_, i) => i % 5 === 0)) assert.equal(answer.structuredContent.apps.length, 1);
    await berth.reaches(id, 'online');
    assert.ok(resident(berth.child.pid) < memory + 30, 'memory stays');
    await clients[0].done('delete_app', { app: id });
  });

  test('clients that ask for logs and never read the answers cost a bounded amount', async () => {
    const client = await Client.open(berth);
    const { id } = await client.done('create_app', { name: 'loud' });
    const app = await berth.app(id);
    await berth.ask(app, `/log?lines=5000&text=${'x'.repeat(300)}`);
    const memory = resident(berth.child.pid);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read_logs', arguments: { app: id, lines: 2000 } } });
    const wires = Array.from({ length: 200 }, () => new Wire(berth.port, { read: false }));
    await Promise.all(wires.map((wire) => wire.connected));
    for (const [i, wire] of wires.entries())
      wire.send(`POST /mcp HTTP/1.1\r\nHost: localhost:${berth.port}\r\nContent-Type: application/json\r\nMcp-Session-Id: ${client.session}\r\nContent-Length: ${body.length + String(i).length - 1}\r\n\r\n${body.replace('"id":1', `"id":${i}`)}`);
    const other = await Client.open(berth);
    assert.equal((await other.done('list_apps')).apps.length, 1);
    assert.ok(resident(berth.child.pid) < memory + 60, `${resident(berth.child.pid)} MiB, before ${memory}`);
    for (const wire of wires) wire.close();
    await other.done('delete_app', { app: id });
  });
});

test('a create that outlasts its client is picked up: by its last event, or by wait_until_ready', { timeout: 120_000 }, () =>
  using({ environment: { BERTH_SMALL_APP: 'slow' } }, async (berth) => {
    const client = await Client.open(berth);
    const stream = await client.stream({ id: 'c', method: 'tools/call', params: { name: 'create_app', arguments: { name: 'late' }, _meta: { progressToken: 1 } } });
    await stream.until('Creating a small app');
    stream.close();
    const last = eventsOf(stream.text).at(-1).id;
    const waited = client.call('wait_until_ready', { app: 'late' });
    const resumed = await client.stream(undefined, { 'last-event-id': last });
    writeFileSync(path.join(berth.root, 'created-apps', 'RELEASE'), '');
    await resumed.over;
    const answer = eventsOf(resumed.text).at(-1).message;
    assert.equal(answer.id, 'c');
    assert.equal(answer.result.structuredContent.status, 'online');
    assert.equal((await waited).structuredContent.id, answer.result.structuredContent.id);
    const nothing = await client.stream(undefined, { 'last-event-id': eventsOf(resumed.text).at(-1).id });
    assert.equal(nothing.status, 204, 'there is no more of it');
  }));

test('a cancelled create leaves no folder, no entry and no process, and is not answered', { timeout: 120_000 }, () =>
  using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
    const client = await Client.open(berth);
    const stream = await client.stream({ id: 'c', method: 'tools/call', params: { name: 'create_app', arguments: { name: 'never' }, _meta: { progressToken: 1 } } });
    await stream.until('hanging');
    assert.equal((await client.post({ method: 'notifications/cancelled', params: { requestId: 'c', reason: 'no' } })).status, 202);
    await stream.over;
    assert.ok(!stream.text.includes('"id":"c"'), stream.text);
    await eventually('nothing is under way', async () => (await berth.get('/api/operations')).body.length === 0);
    assert.deepEqual((await client.done('list_apps')).apps, []);
    assert.deepEqual(folders(berth), []);
    // The same of a wait that nobody wants any more: it ends.
    const waiting = await client.call('wait_until_ready', { app: 'never' });
    assert.equal(waiting.isError, true);
  }));

test('a restart of the server forgets sessions, and its end closes their streams', { timeout: 120_000 }, () =>
  using({}, async (berth) => {
    const client = await Client.open(berth);
    const { id } = await client.done('create_app', {});
    const stream = await client.stream();
    const started = Date.now();
    await berth.kill('SIGTERM');
    await stream.over;
    assert.ok(Date.now() - started < 20_000, 'nothing holds up the end');
    await berth.serve();
    assert.equal((await client.post({ id: 1, method: 'ping' })).status, 404);
    const next = await Client.open(berth);
    assert.equal((await next.done('wait_until_ready', { app: id })).status, 'online');
  }));
