// Creates: two at once, the limit, cancel, failure, the client gone, a crash in the middle.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { eventually, using } from './support/berth.mjs';
import { withEnvironment } from './support/processes.mjs';

const folders = (berth) => readdirSync(path.join(berth.root, 'created-apps')).filter((name) => name !== 'RELEASE');
const release = (berth) => writeFileSync(path.join(berth.root, 'created-apps', 'RELEASE'), '');

const slow = { environment: { BERTH_SMALL_APP: 'slow' } };

describe('creates', { timeout: 240_000 }, () => {
  test('ten at once: ten ports, two scaffolds at a time, the rest shown as waiting', () =>
    using(slow, async (berth) => {
      const creates = Array.from({ length: 10 }, (_, i) => berth.post('/api/apps', { name: `app ${i}` }));
      const list = await eventually('ten are shown', async () => {
        const { body } = await berth.get('/api/operations');
        return body.length === 10 && body.filter((o) => o.phase === 'scaffolding').length === 2 && body;
      });
      assert.equal(list.filter((o) => o.phase === 'waiting').length, 8);
      assert.equal(new Set(list.map((o) => o.port)).size, 10);
      release(berth);
      const made = await Promise.all(creates);
      for (const { status, headers, body } of made) {
        assert.equal(status, 201);
        assert.equal(headers.get('location'), `/api/apps/${body.id}`);
      }
      assert.equal(new Set(made.map((m) => m.body.port)).size, 10);
      const removed = await berth.post('/api/apps/actions', { action: 'delete', all: true });
      assert.ok(removed.body.results.every((r) => r.ok));
      assert.deepEqual(folders(berth), []);
    }));

  test('the limit, and a name that is taken, counting what is under way', () =>
    using({ ...slow, maxRunning: 2 }, async (berth) => {
      const first = berth.post('/api/apps', { name: 'One' });
      await eventually('shown', async () => (await berth.get('/api/operations')).body.length === 1);
      assert.equal((await berth.post('/api/apps', { name: 'oNE' })).body.code, 'name_taken');
      const second = berth.post('/api/apps', {});
      await eventually('shown', async () => (await berth.get('/api/operations')).body.length === 2);
      assert.equal((await berth.post('/api/apps', {})).body.code, 'limit_reached');
      release(berth);
      assert.equal((await first).status, 201);
      assert.equal((await second).status, 201);
      assert.equal((await berth.post('/api/apps', {})).body.code, 'limit_reached');
    }));

  test('no port left', () =>
    using({}, async (berth) => {
      const manifest = { version: '1.0.0', portRange: [berth.portRange[0], berth.portRange[0]], apps: {} };
      writeFileSync(berth.manifestFile, JSON.stringify(manifest));
      await eventually('the edit is seen', async () => {
        await berth.get('/api/apps');
        return (await berth.get('/api/health')).body.limits.portRange[1] === berth.portRange[0];
      });
      await berth.create('only');
      assert.equal((await berth.post('/api/apps', {})).body.code, 'no_port_available');
    }));

  test('a failed scaffold says its last 20 lines and leaves nothing', () =>
    using({ environment: { BERTH_SMALL_APP: 'fail' } }, async (berth) => {
      const { status, body } = await berth.post('/api/apps', { name: 'fails' });
      assert.equal(status, 500);
      assert.equal(body.code, 'scaffold_failed');
      assert.match(body.detail, /problem 30/);
      assert.match(body.detail, /problem 11\b/);
      assert.doesNotMatch(body.detail, /problem 10\b/);
      assert.deepEqual(folders(berth), []);
      assert.deepEqual(berth.manifest().apps, {});
      assert.deepEqual((await berth.get('/api/operations')).body, []);
    }));

  test('a cancel ends the processes and leaves nothing', () =>
    using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
      const create = berth.post('/api/apps', { name: 'hangs' });
      const [operation] = await eventually('it hangs', async () => {
        const { body } = await berth.get('/api/operations');
        return body[0]?.line === 'hanging' && body;
      });
      const marker = `BERTH_SCAFFOLD=${path.join(berth.root, 'created-apps', operation.id)}`;
      assert.equal(withEnvironment(marker).length > 0, true);
      const cancelled = await berth.delete(`/api/operations/${operation.id}`);
      assert.equal(cancelled.body.phase, 'cancelled');
      assert.equal((await create).body.code, 'cancelled');
      assert.deepEqual(withEnvironment(marker), []);
      assert.deepEqual(folders(berth), []);
      assert.equal((await berth.delete(`/api/operations/${operation.id}`)).body.code, 'operation_not_found');
    }));

  test('the client gone: the work goes on', () =>
    using(slow, async (berth) => {
      const leaving = new AbortController();
      const asked = fetch(`${berth.url}/api/apps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"name":"left alone"}',
        signal: leaving.signal,
      }).catch(() => 'gone');
      await eventually('shown', async () => (await berth.get('/api/operations')).body.length === 1);
      leaving.abort();
      assert.equal(await asked, 'gone');
      release(berth);
      const [app] = await eventually('it is there', async () => {
        const { body } = await berth.get('/api/apps');
        return body.length === 1 && body;
      });
      assert.equal(app.name, 'left alone');
      await berth.reaches(app.id, 'online');
    }));

  test('a server killed in the middle leaves no folder, no entry and no process', () =>
    using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
      berth.post('/api/apps', { name: 'lost' }).catch(() => {});
      const [operation] = await eventually('it hangs', async () => {
        const { body } = await berth.get('/api/operations');
        return body[0]?.line === 'hanging' && body;
      });
      const folder = path.join(berth.root, 'created-apps', operation.id);
      assert.equal(existsSync(folder), true);
      await berth.kill('SIGKILL');
      await berth.serve();
      await eventually('nothing is left', () => withEnvironment(`BERTH_SCAFFOLD=${folder}`).length === 0 && !existsSync(folder));
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    }));
});
