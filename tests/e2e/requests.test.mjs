// Bad input gets a problem document that says what was wrong, and changes nothing. Input that means harm: attacks-*.test.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readdirSync } from 'node:fs';
import path from 'node:path';

import { Berth, eventually } from './support/berth.mjs';
import { validate } from './support/openapi.mjs';

describe('requests', { timeout: 240_000 }, () => {
  let berth, app, manifest;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('target', 'demos');
    manifest = berth.manifest();
  });
  after(() => berth.close());

  const unchanged = async () => {
    const { body } = await berth.get('/api/apps');
    assert.equal(body.length, 1);
    assert.equal(body[0].status, 'online');
    assert.deepEqual((await berth.get('/api/operations')).body, []);
    const now = berth.manifest();
    assert.deepEqual(Object.keys(now.apps), Object.keys(manifest.apps));
    assert.equal(now.apps[app.id].intent, 'run');
    assert.deepEqual(readdirSync(path.join(berth.root, 'created-apps')), [app.id]);
  };

  const json = { 'content-type': 'application/json' };
  const name = (value) => JSON.stringify({ name: value });
  const all = `/api/apps/actions`;
  // method, path, body, status, code, a word the detail must hold
  const bad = [
    ['GET', '/api/apps/nosuchapp0', , 404, 'app_not_found', 'nosuchapp0'],
    ['POST', '/api/apps/nosuchapp0/stop', , 404, 'app_not_found'],
    ['DELETE', '/api/apps/nosuchapp0', , 404, 'app_not_found'],
    ['GET', '/api/apps/nosuchapp0/logs', , 404, 'app_not_found'],
    ['DELETE', '/api/apps/..', , 404],
    ['DELETE', '/api/apps/../../etc', , 404],
    ['DELETE', '/api/apps/%2e%2e%2f%2e%2e', , 404],
    ['GET', '/api/apps/a%2fb', , 404],
    ['DELETE', '/api/operations/nosuchapp0', , 404, 'operation_not_found'],
    ['GET', '/api/nothing', , 404, 'not_found'],
    ['POST', '/api/apps', '{"name":', 400, 'invalid_request'],
    ['POST', '/api/apps', '[]', 400, 'invalid_request'],
    ['POST', '/api/apps', '{"name":1}', 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', '{"category":false}', 400, 'invalid_request', 'category'],
    ['POST', '/api/apps', '{"name":"x","nmae":"y"}', 400, 'invalid_request', 'nmae'],
    ['POST', '/api/apps', '{"name":"a","name":"b"}', 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', name('x'.repeat(65)), 400, 'invalid_request', '65'],
    ['POST', '/api/apps', name('a\nb'), 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', name('a\u0007b'), 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', name('a\u202eb'), 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', name('TARGET'), 409, 'name_taken', 'TARGET'],
    ['POST', '/api/apps', name('x'.repeat(70_000)), 413, 'body_too_large'],
    ['POST', '/api/apps', '['.repeat(30_000), 400, 'invalid_request'],
    ['POST', '/api/apps?nmae=x', '{}', 400, 'invalid_request', 'nmae'],
    ['GET', '/api/apps?categry=x', , 400, 'invalid_request', 'categry'],
    ['GET', `/api/apps/ID/logs?tail=-1`, , 400, 'invalid_request', 'tail'],
    ['GET', `/api/apps/ID/logs?tail=10001`, , 400, 'invalid_request', 'tail'],
    ['GET', `/api/apps/ID/logs?tail=ten`, , 400, 'invalid_request', 'tail'],
    ['DELETE', `/api/apps/ID?cleanup=perhaps`, , 400, 'invalid_request', 'cleanup'],
    ['POST', all, '{"action":"explode","all":true}', 400, 'invalid_request', 'action'],
    ['POST', all, '{"action":"stop"}', 400, 'invalid_request'],
    ['POST', all, '{"action":"stop","all":true,"ids":[]}', 400, 'invalid_request'],
    ['POST', all, '{"action":"stop","all":false}', 400, 'invalid_request'],
    ['POST', all, '{"action":"stop","ids":"ID"}', 400, 'invalid_request', 'ids'],
    ['POST', all, '{"action":"stop","ids":[1]}', 400, 'invalid_request', 'ids'],
    ['POST', '/api/apps', '{"name":""}', 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', '{"name":" \\t "}', 400, 'invalid_request', 'name'],
    ['POST', '/api/apps', '{"category":""}', 400, 'invalid_request', 'category'],
    ['POST', all, '{"action":"stop","category":""}', 400, 'invalid_request', 'category'],
    ['POST', all, '{"action":"stop","all":true,"cleanup":false}', 400, 'invalid_request', 'cleanup'],
    ['POST', '/api/apps/tar/stop', , 404, 'app_not_found', 'tar'],
    ['GET', `/api/apps/ID/logs?after=4`, , 400, 'invalid_request', 'after'],
    ['PUT', '/api/apps', '{}', 405, 'method_not_allowed'],
    ['POST', '/api/health', '{}', 405, 'method_not_allowed'],
    ['DELETE', '/api/apps/ID/stop', , 405, 'method_not_allowed'],
  ];
  for (const [method, where, body, status, code, word] of bad) {
    test(`${method} ${where} ${(body ?? '').slice(0, 40)} -> ${status}`, async () => {
      const answer = await berth.raw(method, where.replace('ID', app.id), body === undefined ? {} : json, body?.replace('ID', app.id));
      assert.equal(answer.status, status, answer.body);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      const problem = JSON.parse(answer.body);
      assert.equal(problem.status, status);
      if (code) assert.equal(problem.code, code, problem.detail);
      if (word) assert.ok(problem.detail.includes(word), problem.detail);
      if (status === 405) assert.ok(answer.headers.allow);
      if (code && code !== 'not_found' && status !== 405) validate(method, where, status, 'application/problem+json', problem);
    });
  }

  test('bodies that are not application/json are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await berth.raw('POST', '/api/apps', { 'content-type': type }, '{"name":"form"}');
      assert.equal(answer.status, 415, type);
    }
  });

  test('a header over 16 KiB is 431', async () => {
    const answer = await berth.raw('GET', '/api/apps', { 'x-long': 'x'.repeat(17_000) });
    assert.equal(answer.status, 431);
    // The cookies of prototypes on localhost come along.
    assert.equal((await berth.raw('GET', '/api/apps', { cookie: `a=${'x'.repeat(15_000)}` })).status, 200);
  });

  test('an app is found by its name, in any case and percent-encoded', async () => {
    for (const where of ['target', 'TARGET', '%74arget']) assert.equal((await berth.get(`/api/apps/${where}`)).body.id, app.id);
    const logs = (await berth.get('/api/apps/Target/logs?tail=1')).body;
    const next = `stdout:${logs.next.stdout},stderr:${logs.next.stderr}`;
    assert.deepEqual((await berth.get(`/api/apps/target/logs?after=${next}`)).body, { stdout: '', stderr: '', next: logs.next });
    const { results } = (await berth.post(all, { action: 'stop', ids: ['nobody'] })).body;
    assert.deepEqual(results.map((r) => [r.id, r.ok, r.error.code]), [['nobody', false, 'app_not_found']]);
  });

  test('lines of a log that hold a text, and a part of its file', async () => {
    await berth.ask(app, '/log?text=needle');
    const found = await eventually('the line is written', async () => {
      const { body } = await berth.get(`/api/apps/${app.id}/logs?grep=needle`);
      return body.stdout.includes('needle') && body;
    });
    for (const line of found.stdout.trimEnd().split('\n')) assert.match(line, /needle/);
    const part = await berth.raw('GET', `/api/apps/${app.id}/logs/stdout`, { range: 'bytes=-7' });
    assert.equal(part.status, 206);
    assert.equal(part.body.length, 7);
    const whole = await berth.raw('GET', `/api/apps/${app.id}/logs/stdout`);
    assert.equal(part.headers['content-range'], `bytes ${whole.body.length - 7}-${whole.body.length - 1}/${whole.body.length}`);
    assert.equal((await berth.raw('GET', `/api/apps/${app.id}/logs/stdout`, { range: 'bytes=99999999-' })).status, 416);
  });

  test('the list has an ETag that changes with an app and costs no second download until then', async () => {
    await eventually('nothing changes for a moment', async () => {
      const first = await berth.raw('GET', '/api/apps');
      return (await berth.raw('GET', '/api/apps', { 'if-none-match': first.headers.etag })).status === 304;
    });
    const { etag } = (await berth.raw('GET', '/api/apps')).headers;
    const other = await berth.online('passing');
    const changed = await berth.raw('GET', '/api/apps', { 'if-none-match': etag });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.etag, etag);
    assert.equal((await berth.delete('/api/apps/PASSING')).body.id, other.id);
  });

  test('HEAD is GET without the body', async () => {
    for (const [where, status] of [['/api/apps', 200], ['/', 200], ['/nothing-here', 404], ['/metrics', 200]]) {
      assert.equal((await berth.raw('GET', where)).status, status, where);
      const head = await berth.raw('HEAD', where);
      assert.equal(head.status, status);
      assert.equal(head.body, '');
    }
  });

  test('and after all that nothing has changed', unchanged);
});
