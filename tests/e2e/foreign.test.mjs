// Nothing that is not the app's is ever ended, removed, or taken for it: another Berth's apps on the same pm2, a copied root, an editor
// that an app opened, a stranger on a port.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';

import { Berth, eventually, freePorts, using } from './support/berth.mjs';
import { isAlive, workingIn } from './support/processes.mjs';

/** Another server on a root of its own, with the pm2 of the first. */
async function beside(first, body, { root, prepare } = {}) {
  const second = Object.assign(new Berth(), { options: {}, home: first.home, pm2Home: first.pm2Home });
  second.root = root ?? path.join(first.home, 'second');
  const port = await freePorts(25);
  Object.assign(second, { port, portRange: [port + 1, port + 24], manifestFile: path.join(second.root, 'manifest.json') });
  if (!existsSync(second.root)) {
    mkdirSync(second.root);
    writeFileSync(second.manifestFile, JSON.stringify({ version: '1.0.0', portRange: second.portRange, apps: {} }));
  }
  prepare?.(second);
  await second.serve();
  try {
    await body(second);
  } finally {
    await second.kill('SIGTERM');
  }
}

describe('nothing foreign', { timeout: 240_000 }, () => {
  test('a copied root on the same pm2 takes nothing for its own', () =>
    using({}, async (berth) => {
      const app = await berth.online('original');
      const copy = path.join(berth.home, 'copy');
      cpSync(berth.root, copy, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.tmp') });
      await beside(
        berth,
        async (other) => {
          const shown = await other.app(app.id);
          assert.notEqual(shown.status, 'online');
          assert.equal(shown.pid, 0);
          const restarted = await other.post(`/api/apps/${app.id}/restart`);
          assert.ok(restarted.status >= 400, JSON.stringify(restarted.body));
          await other.post(`/api/apps/${app.id}/stop`);
          const removed = await other.delete(`/api/apps/${app.id}`);
          assert.equal(removed.status, 200, JSON.stringify(removed.body));
          assert.equal((await other.get('/api/health')).body.orphans[0].foreign, true);
        },
        { root: copy },
      );
      const still = await berth.app(app.id);
      assert.equal(still.status, 'online');
      assert.equal(still.pid, app.pid);
      assert.match(await berth.ask(app, '/'), /hello/);
    }));

  test('two roots on one pm2 leave each other alone, and give no advice to delete', () =>
    using({}, async (berth) => {
      const mine = await berth.online('mine');
      await beside(berth, async (other) => {
        const theirs = await other.online('theirs');
        for (const each of [berth, other]) {
          const { orphans } = (await each.get('/api/health')).body;
          assert.deepEqual(orphans.map((o) => o.foreign), [true]);
          assert.doesNotMatch(each.log, /pm2 delete/);
        }
        assert.equal((await other.delete(`/api/apps/${theirs.id}`)).status, 200);
        assert.equal((await berth.app(mine.id)).pid, mine.pid);
      });
    }));

  test('an editor that the app opened in a session of its own lives on', () =>
    using({}, async (berth) => {
      const app = await berth.online('edited');
      const editor = Number(await berth.ask(app, '/editor'));
      try {
        for (const ask of [
          () => berth.post(`/api/apps/${app.id}/restart`),
          () => berth.post(`/api/apps/${app.id}/stop`),
          () => berth.delete(`/api/apps/${app.id}`),
        ]) {
          const { status, body } = await ask();
          assert.equal(status, 200, JSON.stringify(body));
          assert.ok(isAlive(editor), 'the editor was ended');
        }
        assert.deepEqual(workingIn(path.join(berth.root, '.berth', 'trash')).filter((p) => p.pid !== editor), []);
      } finally {
        process.kill(editor, 'SIGKILL');
      }
    }));

  test('a start takes the folder, the logs and the environment of today', () =>
    using({}, async (berth) => {
      const app = await berth.online('moved');
      await berth.post(`/api/apps/${app.id}/stop`);
      rmSync(path.join(berth.root, 'logs'), { recursive: true });
      assert.equal((await berth.post(`/api/apps/${app.id}/restart`)).status, 200);
      await berth.reaches(app.id, 'online');
      await berth.kill('SIGTERM');
      const elsewhere = path.join(berth.home, 'elsewhere');
      renameSync(berth.root, elsewhere);
      Object.assign(berth, { root: elsewhere, manifestFile: path.join(elsewhere, 'manifest.json') });
      berth.options.environment = { FLAVOUR: 'new' };
      await berth.serve();
      const { status, body } = await berth.post(`/api/apps/${app.id}/restart`);
      assert.equal(status, 200, JSON.stringify(body));
      await berth.reaches(app.id, 'online');
      const env = JSON.parse(await berth.ask(app, '/env'));
      assert.equal(env.FLAVOUR, 'new');
      assert.equal(env.PWD, berth.directory(app));
      assert.equal(workingIn(path.join(berth.home, 'root')).length, 0);
    }));

  test('a stranger on the first port of the range is passed over, and so is Berth itself', () =>
    using({}, async (berth) => {
      const manifest = berth.manifest();
      manifest.portRange = [berth.port, berth.port + 24];
      writeFileSync(berth.manifestFile, JSON.stringify(manifest));
      await eventually('the range is taken over', async () => (await berth.get('/api/manifest')).body.portRange[0] === berth.port);
      const stranger = net.createServer().listen(berth.port + 1, '127.0.0.1');
      try {
        for (const name of ['first', 'again']) {
          const app = await berth.online(name);
          assert.equal(app.port, berth.port + 2);
          await berth.delete(`/api/apps/${app.id}`);
        }
      } finally {
        stranger.close();
      }
    }));

  test('a delete goes on when the daemon has come back with other ids', () =>
    using({}, async (berth) => {
      const [first, second, third] = [await berth.online('first'), await berth.online('second'), await berth.online('third')];
      await berth.pm2('delete', `orch-${first.id}`); // what is left is dumped, and resurrected under new ids
      await berth.pm2('save', '--force');
      const old = berth.daemonPid;
      process.kill(old, 'SIGKILL');
      await eventually('Berth has started the next daemon', async () => {
        const { pm2 } = (await berth.get('/api/health')).body; // pm2's own command, at the same moment, would start a second one
        return pm2.connected && pm2.daemonPid !== old;
      });
      await berth.pm2('resurrect');
      await berth.delete(`/api/apps/${second.id}`);
      const table = await berth.rows();
      assert.deepEqual(table.map((row) => row.name), [`orch-${third.id}`]);
      assert.equal((await berth.get('/api/apps')).body.some((app) => app.id === second.id), false);
    }));

  test('with the daemon gone, what lives still counts for the limit', () =>
    using({ maxRunning: 2 }, async (berth) => {
      const apps = [await berth.online('a'), await berth.online('b')];
      process.kill(berth.daemonPid, 'SIGKILL');
      for (let i = 0; i < 3; i++) {
        const more = await berth.post('/api/apps', { name: `more ${i}` });
        assert.equal(more.status, 409, JSON.stringify(more.body));
        assert.equal(more.body.code, 'limit_reached');
      }
      for (const { id } of apps) assert.equal((await berth.delete(`/api/apps/${id}`)).status, 200);
    }));

  test('the logs of an app that is gone are removed, and no others', () =>
    using({}, async (berth) => {
      const app = await berth.online('one');
      const log = (name) => path.join(berth.root, 'logs', name);
      mkdirSync(path.join(berth.root, 'created-apps/keeps00000')); // somebody may want it
      const gone = ['orch-gone000000-out.log', 'orch-gone000000-error.log'].map(log);
      const stay = [`orch-${app.id}-out.log`, 'orch-keeps00000-out.log', 'orch-notes.log', 'mine.log'].map(log);
      for (const file of [...gone, ...stay.slice(1)]) writeFileSync(file, 'words\n');
      await eventually('those of nobody are gone', () => !gone.some(existsSync));
      assert.ok(stay.every(existsSync));
      rmSync(path.join(berth.root, 'created-apps/keeps00000'), { recursive: true });
    }));
});
