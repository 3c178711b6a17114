// Bad input gets a problem document that says what was wrong, and changes nothing; requests of other pages get nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Berth } from './support/berth.mjs';
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

  const stop = () => `/api/apps/${app.id}/stop`;
  const refused = [
    ['a foreign Host', { host: 'evil.example' }, 421, 'misdirected_request'],
    ['a rebound Host with our port', () => ({ host: `evil.example:${berth.port}` }), 421, 'misdirected_request'],
    ['localhost with another port', { host: 'localhost:1' }, 421, 'misdirected_request'],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403, 'forbidden_origin'],
    ['Origin null', { origin: 'null' }, 403, 'forbidden_origin'],
    ['a prototype on another port', () => ({ origin: `http://localhost:${app.port}` }), 403, 'forbidden_origin'],
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }, 403, 'forbidden_origin'],
    ['a same-site request', { 'sec-fetch-site': 'same-site' }, 403, 'forbidden_origin'],
  ];
  for (const [what, headers, status, code] of refused) {
    test(`${what} is refused`, async () => {
      const answer = await berth.raw('POST', stop(), typeof headers === 'function' ? headers() : headers);
      assert.equal(answer.status, status, answer.body);
      assert.equal(JSON.parse(answer.body).code, code);
    });
  }

  test('bodies that are not application/json are refused', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await berth.raw('POST', '/api/apps', { 'content-type': type }, '{"name":"form"}');
      assert.equal(answer.status, 415, type);
    }
  });

  test('our own page is let in', async () => {
    const own = { origin: berth.url, 'sec-fetch-site': 'same-origin' };
    assert.equal((await berth.raw('GET', '/api/apps', own)).status, 200);
  });

  test('a header over 8 KiB is 431', async () => {
    const answer = await berth.raw('GET', '/api/apps', { 'x-long': 'x'.repeat(9000) });
    assert.equal(answer.status, 431);
  });

  test('HEAD, and the security headers on every answer', async () => {
    for (const [where, status] of [['/api/apps', 200], ['/', 200], ['/nothing-here', 404], ['/metrics', 200]]) {
      const { headers, status: got } = await berth.raw('GET', where);
      assert.equal(got, status, where);
      assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
      assert.doesNotMatch(headers['content-security-policy'], /script-src[^;]*unsafe/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(headers['referrer-policy']);
      assert.equal(headers['access-control-allow-origin'], undefined);
      const head = await berth.raw('HEAD', where);
      assert.equal(head.status, status);
      assert.equal(head.body, '');
    }
  });

  test('a shell command is only a name', async () => {
    const made = await berth.online('$(touch /tmp/berth-was-here); `id` <img src=x onerror=alert(1)>');
    assert.equal(existsSync('/tmp/berth-was-here'), false);
    assert.equal((await berth.delete(`/api/apps/${made.id}`)).status, 200);
  });

  test('a folder that is a symbolic link is not followed at delete', async () => {
    const made = await berth.online('link');
    await berth.post(`/api/apps/${made.id}/stop`);
    const { renameSync } = await import('node:fs');
    const treasure = path.join(berth.home, 'treasure');
    mkdirSync(treasure);
    writeFileSync(path.join(treasure, 'gold'), '');
    renameSync(berth.directory(made), path.join(berth.home, 'moved'));
    symlinkSync(treasure, berth.directory(made));
    const gone = await berth.delete(`/api/apps/${made.id}`);
    assert.equal(gone.status, 200);
    assert.match(gone.body.warning, /folder/);
    assert.equal(existsSync(path.join(treasure, 'gold')), true);
    const { unlinkSync } = await import('node:fs');
    unlinkSync(berth.directory(made));
  });

  test('and after all that nothing has changed', unchanged);
});
