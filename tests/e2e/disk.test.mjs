// A disk that fills: while an app is scaffolded, and before a stop, a delete and a create. The root is a small tmpfs, which takes a
// mount namespace: this file runs itself again inside of one.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Berth, eventually } from './support/berth.mjs';

const here = fileURLToPath(import.meta.url);
const mount = ['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt'];

/** The command that gives a process mounts of its own: as root, or as root of a user namespace. */
const namespace = [['unshare', '--mount'], ['unshare', '--user', '--map-root-user', '--mount']].find(([command, ...words]) => {
  try {
    execFileSync(command, [...words, ...mount], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const isInside = process.env.BERTH_DISK_TEST === 'inside';

if (!isInside)
  test('a disk that fills', { timeout: 240_000, skip: namespace ? false : 'this machine lets nobody mount a tmpfs' }, async () => {
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env; // else the inner run reports to the outer one's parent
    const [command, ...words] = namespace;
    const inner = spawn(command, [...words, process.execPath, '--test', here], {
      env: { ...environment, BERTH_DISK_TEST: 'inside' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    inner.stdout.on('data', (text) => (said += text));
    const code = await new Promise((done) => inner.once('exit', done));
    assert.equal(code, 0, said);
    assert.match(said, /^# pass [1-9]/m, said);
  });

if (isInside)
  describe('inside the namespace', { timeout: 200_000 }, () => {
    const prepare = (root) => execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', root]);
    const inRoot = (berth, ...parts) => path.join(berth.root, ...parts);

    async function using(environment, body) {
      const berth = await Berth.start({ environment, prepare });
      try {
        await body(berth);
      } finally {
        // The mount keeps its folder busy.
        const { root } = berth;
        await berth.kill('SIGTERM');
        await berth.pm2('kill').catch(() => {});
        execFileSync('umount', ['--lazy', root]);
        await berth.close();
      }
    }

    const fill = (berth) => {
      for (const size of [1 << 16, 1 << 12, 1])
        try {
          for (;;) appendFileSync(inRoot(berth, 'created-apps', 'ballast'), Buffer.alloc(size, 1));
        } catch (error) {
          assert.equal(error.code, 'ENOSPC');
        }
    };
    const free = (berth) => rmSync(inRoot(berth, 'created-apps', 'ballast'));
    const told = async (berth) => (await berth.get('/api/health')).body.problems.map((p) => p.code);

    test('while scaffolding: said in words, nothing left, and it works again', () =>
      using({ BERTH_SMALL_APP: 'fill' }, async (berth) => {
        writeFileSync(inRoot(berth, 'created-apps', 'ROOM'), '');
        const kept = await berth.online('kept');
        rmSync(inRoot(berth, 'created-apps', 'ROOM'));
        for (let i = 0; i < 2; i++) {
          const { status, body } = await berth.post('/api/apps', { name: 'too big' });
          assert.equal(status, 500);
          assert.equal(body.code, 'scaffold_failed');
          assert.match(body.detail, /ENOSPC|no space left/i);
          assert.deepEqual(readdirSync(inRoot(berth, 'created-apps')), [kept.id]);
          assert.deepEqual(readdirSync(inRoot(berth, '.berth', 'journal')), []);
          assert.deepEqual(Object.keys(berth.manifest().apps), [kept.id]);
          assert.deepEqual((await berth.get('/api/operations')).body, []);
        }
        assert.equal((await berth.app(kept.id)).status, 'online');
        await eventually('the trash is empty', () => readdirSync(inRoot(berth, '.berth', 'trash')).length === 0);
        writeFileSync(inRoot(berth, 'created-apps', 'ROOM'), '');
        const next = await berth.online('too big');
        assert.deepEqual(await told(berth), []);
        assert.equal((await berth.delete(`/api/apps/${next.id}`)).status, 200);
        assert.equal((await berth.post(`/api/apps/${kept.id}/stop`)).body.status, 'stopped');
      }));

    const written = (berth) =>
      eventually('what was done is on the disk', async () => {
        const kept = berth.manifest().apps;
        return (await berth.get('/api/apps')).body.every((app) => kept[app.id]?.status === app.status);
      });
    const reserve = (berth) => readdirSync(inRoot(berth, '.berth')).filter((name) => name.startsWith('reserve.'));

    test('what frees it is done all the same, from room kept back; what fills it is refused', () =>
      using({ BERTH_SMALL_APP: 'fill' }, async (berth) => {
        writeFileSync(inRoot(berth, 'created-apps', 'ROOM'), '');
        const [stopped, deleted, rests] = await Promise.all(['stopped', 'deleted', 'rests'].map((name) => berth.online(name)));
        assert.equal((await berth.post(`/api/apps/${rests.id}/stop`)).status, 200);
        assert.equal(reserve(berth).length, 8);
        rmSync(inRoot(berth, 'created-apps', 'ROOM'));

        fill(berth);
        const stop = await berth.post(`/api/apps/${stopped.id}/stop`);
        assert.equal(stop.body.status, 'stopped', JSON.stringify(stop.body));
        assert.equal(berth.manifest().apps[stopped.id].intent, 'stop');
        for (const { id } of [deleted, rests]) {
          await written(berth); // else what is on its way to the disk may have its room taken by us in between
          fill(berth);
          const { status, body } = await berth.delete(`/api/apps/${id}`);
          assert.equal(status, 200, JSON.stringify(body));
          assert.equal(body.warning ?? null, null);
          await eventually('its folder is gone', () => readdirSync(inRoot(berth, '.berth', 'trash')).length === 0);
        }
        fill(berth);
        const create = await berth.post('/api/apps', { name: 'no room' });
        assert.equal(create.status, 500, JSON.stringify(create.body));
        assert.match(create.body.detail, /ENOSPC|no space left/i);
        assert.deepEqual(Object.keys(berth.manifest().apps), [stopped.id]);
        assert.deepEqual(readdirSync(inRoot(berth, 'created-apps')).sort(), [stopped.id, 'ballast'].sort());
        assert.deepEqual(readdirSync(inRoot(berth, '.berth', 'journal')), []);

        free(berth);
        writeFileSync(inRoot(berth, 'created-apps', 'ROOM'), '');
        await berth.online('room again');
        assert.equal(reserve(berth).length, 8);
        await eventually('no problem is told', async () => (await told(berth)).length === 0);
      }));

    test('with nothing kept back: refused in words, and nothing is done by half', () =>
      using({}, async (berth) => {
        const runs = await berth.online('runs');
        const rests = await berth.online('rests');
        await berth.post(`/api/apps/${rests.id}/stop`);
        const before = berth.manifest();
        for (const part of reserve(berth)) rmSync(inRoot(berth, '.berth', part));
        fill(berth);
        for (const ask of [
          () => berth.post(`/api/apps/${runs.id}/stop`),
          () => berth.delete(`/api/apps/${runs.id}`),
          () => berth.delete(`/api/apps/${rests.id}`),
          () => berth.post(`/api/apps/${rests.id}/restart`),
          () => berth.post('/api/apps', { name: 'no room' }),
        ]) {
          const { status, body } = await ask();
          assert.equal(status, 500, JSON.stringify(body));
          assert.match(body.detail, /No space left on device/);
          const now = await berth.app(runs.id);
          assert.equal(now.status, 'online');
          assert.equal(now.intent, 'run');
          assert.equal(now.pid, runs.pid);
          const still = await berth.app(rests.id);
          assert.equal(still.status, 'stopped');
          assert.equal(still.intent, 'stop');
          assert.deepEqual(Object.keys(berth.manifest().apps).sort(), [runs.id, rests.id].sort());
          for (const [id, { port, name, intent }] of Object.entries(before.apps))
            for (const [field, value] of Object.entries({ port, name, intent })) assert.equal(berth.manifest().apps[id][field], value);
        }
        // What a killed server finds on the full disk is the state before all this.
        await berth.kill('SIGKILL');
        await berth.serve();
        assert.equal((await berth.reaches(runs.id, 'online')).pid, runs.pid);
        assert.equal((await berth.app(rests.id)).status, 'stopped');

        free(berth);
        await berth.get('/api/apps');
        await eventually('no problem is told', async () => (await told(berth)).length === 0);
        assert.equal((await berth.post(`/api/apps/${runs.id}/stop`)).body.status, 'stopped');
        assert.equal((await berth.delete(`/api/apps/${rests.id}`)).status, 200);
        await berth.online('room again');
        assert.deepEqual(readdirSync(inRoot(berth, '.berth', 'journal')), []);
        assert.deepEqual(readdirSync(berth.root).sort(), ['.berth', 'created-apps', 'logs', 'manifest.json']);
      }));
  });
