// Projects that are taken in where they are: started, watched, given back without a byte changed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { Berth, eventually, freePorts, using } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';
import { isAlive, accepts, tree, workingIn } from './support/processes.mjs';
import { fingerprint, git, makeProject, runByHand } from './support/project.mjs';

const isInstalled = (program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const work = (berth, name) => path.join(berth.home, 'work', name);

async function adopt(berth, directory, more = {}) {
  const made = await berth.post('/api/apps', { directory, ...more });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return berth.reaches(made.body.id, 'online');
}

async function refused(berth, body, status, code, words) {
  const answer = await berth.post('/api/apps', body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.equal(answer.body.code, code);
  assert.match(answer.body.detail, words);
}

const logs = (berth, id) => readdirSync(path.join(berth.root, 'logs')).filter((name) => name.includes(id));

describe('an adopted project', { timeout: 240_000 }, () => {
  test('a git worktree is started where it is, crashes, stops, and is left with every byte', () =>
    using({}, async (berth) => {
      const repository = makeProject(work(berth, 'shop'));
      git(repository, 'init', '-q', '-b', 'main');
      git(repository, 'add', '.');
      git(repository, 'commit', '-q', '-m', 'first');
      const folder = work(berth, 'shop feature é');
      git(repository, 'worktree', 'add', '-q', '-b', 'feature', folder);
      writeFileSync(path.join(folder, 'notes.txt'), 'uncommitted');
      symlinkSync(repository, path.join(folder, 'outward'));
      const before = [fingerprint(folder), fingerprint(repository)];

      const app = await adopt(berth, folder, { category: 'work', notes: 'the feature' });
      assert.deepEqual(
        [app.owned, app.directory, app.name, app.script, app.packageManager, app.notes, app.pending],
        [false, folder, 'shop feature é', 'dev', 'npm', 'the feature', []],
      );
      assert.match(await berth.ask(app, '/'), new RegExp(`hello from ${app.port}`));
      assert.ok(tree(app.pid).some((p) => p.name === 'small-server' && p.cwd === folder));
      assert.equal(existsSync(path.join(berth.root, 'created-apps', app.id)), false);

      await berth.ask(app, '/exit?code=3');
      assert.match((await berth.reaches(app.id, 'errored')).statusReason, /code 3/);
      await berth.post(`/api/apps/${app.id}/restart`);
      const again = await berth.reaches(app.id, 'online');
      process.kill(again.pid, 'SIGKILL'); // the server proper lives on, without its parents
      await berth.reaches(app.id, 'errored');
      assert.equal((await berth.post(`/api/apps/${app.id}/restart`)).status, 200);
      await berth.reaches(app.id, 'online');
      assert.ok(logs(berth, app.id).length > 0);

      const gone = await berth.delete(`/api/apps/${app.id}?cleanup=true`);
      assert.deepEqual(gone.body, { id: app.id, warning: null });
      assert.deepEqual(workingIn(folder), []);
      assert.equal(await accepts(app.port), false);
      assert.deepEqual(logs(berth, app.id), []);
      assert.deepEqual(await berth.rows(), []);
      assert.deepEqual(berth.manifest().apps, {});
      assert.deepEqual([fingerprint(folder), fingerprint(repository)], before);
      assert.deepEqual((await berth.get('/api/health')).body.problems, []);
    }));

  test('a package of a workspace is started by what the workspace is of, and all of it is ended', () =>
    using({}, async (berth) => {
      const manager = isInstalled('pnpm') ? 'pnpm' : 'npm';
      const root = work(berth, 'mono');
      mkdirSync(root, { recursive: true });
      writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'mono', private: true, workspaces: ['apps/*'] }));
      writeFileSync(path.join(root, 'pnpm-workspace.yaml'), 'packages:\n  - apps/*\n');
      if (manager === 'pnpm') writeFileSync(path.join(root, 'pnpm-lock.yaml'), "lockfileVersion: '9.0'\n");
      else writeFileSync(path.join(root, 'package-lock.json'), '{}');
      const folder = makeProject(path.join(root, 'apps', 'web'), { 'package-lock.json': null });
      const before = fingerprint(folder);
      const app = await adopt(berth, folder);
      assert.equal(app.packageManager, manager);
      // The whole repository beside one of its packages: its script serves from within the package.
      writeFileSync(
        path.join(root, 'package.json'),
        JSON.stringify({ name: 'mono', private: true, scripts: { 'dev:web': 'cd apps/web && node parent.cjs' } }),
      );
      const whole = await adopt(berth, root, { script: 'dev:web', name: 'whole' });
      assert.equal(whole.script, 'dev:web');
      assert.equal((await berth.app(app.id)).status, 'online'); // that it runs below was no reason to refuse, and none to end it
      process.kill(whole.pid, 'SIGKILL');
      await berth.reaches(whole.id, 'errored');
      assert.equal(await accepts(whole.port), true); // it outlived its parents, and works below the folder
      await berth.post(`/api/apps/${whole.id}/restart`);
      await berth.reaches(whole.id, 'online');
      await berth.post('/api/apps/actions', { action: 'delete', all: true });
      assert.deepEqual(workingIn(root), []);
      assert.equal(fingerprint(folder), before);
    }));

  test('what cannot be adopted is refused in words, and nothing is left of the try', () =>
    using({}, async (berth) => {
      const shop = makeProject(work(berth, 'shop'));
      const before = fingerprint(work(berth, ''));
      mkdirSync(path.join(berth.home, 'empty'));
      await refused(berth, { directory: 'work/shop' }, 400, 'invalid_request', /absolute path/);
      await refused(berth, { directory: path.join(berth.home, 'empty') }, 400, 'not_a_project', /no package\.json/);
      await refused(berth, { directory: path.join(berth.home, 'nowhere') }, 400, 'not_a_project', /nowhere/);
      await refused(berth, { directory: path.join(shop, 'package.json') }, 400, 'not_a_project', /not a folder/);
      await refused(berth, { directory: shop, script: 'start' }, 400, 'not_a_project', /no script "start"\. It has dev\./);
      await refused(berth, { directory: shop, name: ' ' }, 400, 'invalid_request', /name/);
      await refused(berth, { script: 'dev' }, 400, 'invalid_request', /script/);
      const own = await berth.online('own');
      await refused(berth, { directory: berth.directory(own) }, 400, 'not_a_project', /inside Berth's own folder/);
      await refused(berth, { directory: shop, name: 'OWN' }, 409, 'name_taken', /own/i);
      if (process.getuid() === 0) {
        const theirs = makeProject(path.join(berth.home, 'theirs'));
        execFileSync('chown', ['65534', theirs]);
        await refused(berth, { directory: theirs }, 400, 'not_a_project', /belongs to/);
      }
      const app = await adopt(berth, shop);
      symlinkSync(shop, path.join(berth.home, 'link'));
      for (const again of [shop, `${shop}/`, path.join(berth.home, 'link'), path.join(shop, '..', 'shop')])
        await refused(berth, { directory: again }, 409, 'already_adopted', /"shop"/);
      assert.equal((await berth.get('/api/apps')).body.length, 2);
      await berth.delete(`/api/apps/${app.id}`);
      assert.equal(fingerprint(work(berth, '')), before);
    }));

  test('a folder that moves away says so, loses nothing, and works again when it is back', () =>
    using({}, async (berth) => {
      const shop = makeProject(work(berth, 'shop'));
      const before = fingerprint(shop);
      const app = await adopt(berth, shop);
      renameSync(shop, work(berth, 'moved')); // under a running server
      const restarted = await berth.post(`/api/apps/${app.id}/restart`);
      assert.equal(restarted.status, 409);
      assert.equal(restarted.body.code, 'not_startable');
      assert.match(restarted.body.detail, /There is no folder .*shop\. Was it moved/);
      assert.equal((await berth.app(app.id)).status, 'online'); // it was not ended for nothing
      await berth.post(`/api/apps/${app.id}/stop`);
      assert.deepEqual(workingIn(work(berth, 'moved')), []);
      const said = await eventually('it says so', async () => {
        const now = await berth.app(app.id);
        return now.statusReason && now;
      });
      assert.equal(said.status, 'stopped');
      assert.match(said.statusReason, /There is no folder/);
      await berth.kill();
      await berth.serve();
      assert.equal((await berth.app(app.id)).directory, shop);
      renameSync(work(berth, 'moved'), shop);
      await eventually('it is back', async () => !(await berth.app(app.id)).statusReason);
      await berth.post(`/api/apps/${app.id}/restart`);
      await berth.reaches(app.id, 'online');
      renameSync(shop, work(berth, 'moved'));
      const gone = await berth.delete(`/api/apps/${app.id}`); // and a delete needs no folder
      assert.equal(gone.body.warning, null);
      assert.equal(fingerprint(work(berth, 'moved')), before);
      assert.deepEqual(workingIn(work(berth, 'moved')), []);
    }));

  test('a dev server that runs in it is named, and ended when that is asked for', () =>
    using({}, async (berth) => {
      const shop = makeProject(work(berth, 'shop'));
      const beside = makeProject(work(berth, 'shop-2'));
      const port = await freePorts(2);
      const byHand = runByHand(shop, port);
      const another = runByHand(beside, port + 1);
      try {
        for (const each of [port, port + 1]) await eventually(`${each} is served`, () => accepts(each));
        const server = workingIn(shop).find((p) => p.name === 'small-server');
        await refused(berth, { directory: shop }, 409, 'project_running', new RegExp(`pid ${server.pid}, port ${port}\\)`));
        assert.ok(isAlive(server.pid));
        const app = await adopt(berth, shop, { takeOver: true });
        await byHand.ended;
        assert.equal(isAlive(server.pid), false);
        assert.equal(await accepts(port), false);
        assert.equal(await accepts(port + 1), true);
        assert.match(await berth.ask(app, '/'), /hello/);
      } finally {
        await byHand.end();
        await another.end();
      }
    }));

  test('the copy of a root takes nothing of it for its own', () =>
    using({}, async (berth) => {
      const app = await adopt(berth, makeProject(work(berth, 'shop')));
      const second = Object.assign(new Berth(), { options: {}, home: berth.home, pm2Home: berth.pm2Home });
      second.root = path.join(berth.home, 'copy');
      cpSync(berth.root, second.root, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.tmp') });
      const port = await freePorts(25);
      Object.assign(second, { port, portRange: [port + 1, port + 24], manifestFile: path.join(second.root, 'manifest.json') });
      await second.serve();
      try {
        const shown = await second.app(app.id);
        assert.notEqual(shown.status, 'online');
        assert.equal(shown.pid, 0);
        await second.post(`/api/apps/${app.id}/stop`);
        const restarted = await second.post(`/api/apps/${app.id}/restart`);
        assert.ok(restarted.status >= 400, JSON.stringify(restarted.body));
        assert.equal((await second.delete(`/api/apps/${app.id}`)).status, 200);
      } finally {
        await second.kill('SIGTERM');
      }
      const still = await berth.app(app.id);
      assert.deepEqual([still.status, still.pid], ['online', app.pid]);
    }));
});

describe('kill -9 of the server', { timeout: 240_000 }, () => {
  test('during an adopt: it is there and runs, or was never there, and the folder is as it was', () =>
    using({}, async (berth) => {
      const inManifest = (directory) =>
        Object.values(JSON.parse(readFileSync(berth.manifestFile, 'utf8')).apps).find((app) => app.directory === directory);
      const moments = [
        () => true,
        (directory) => eventually('the entry', () => inManifest(directory)),
        (directory) => eventually('the start', () => workingIn(directory).length > 0),
      ];
      for (const [n, moment] of moments.entries()) {
        const folder = makeProject(work(berth, `shop-${n}`));
        const before = fingerprint(folder);
        const asked = berth.post('/api/apps', { directory: folder }).catch(() => {});
        await moment(folder);
        await berth.kill();
        await asked;
        await berth.serve();
        const entry = inManifest(folder);
        if (entry) await berth.reaches(entry.id, 'online');
        else assert.deepEqual(workingIn(folder), []);
        assert.equal(fingerprint(folder), before);
      }
    }));

  test('during a delete: it is finished, and nothing of the folder goes', () =>
    using({}, async (berth) => {
      for (const wait of [0, 30, 200]) {
        const folder = makeProject(work(berth, `shop-${wait}`));
        const before = fingerprint(folder);
        const app = await adopt(berth, folder);
        const asked = berth.delete(`/api/apps/${app.id}`).catch(() => {});
        await new Promise((done) => setTimeout(done, wait));
        await berth.kill();
        await asked;
        await berth.serve();
        const marked = async () => (await berth.get('/api/apps')).body.find((each) => each.id === app.id && each.operation === 'deleting');
        await eventually('what was begun is finished', async () => !(await marked()));
        if ((await berth.get('/api/apps')).body.some((each) => each.id === app.id)) await berth.delete(`/api/apps/${app.id}`);
        assert.deepEqual(workingIn(folder), []);
        assert.equal(fingerprint(folder), before);
        assert.deepEqual(berth.manifest().apps, {});
        assert.deepEqual(await berth.rows(), []);
      }
    }));
});

describe('settings', { timeout: 240_000 }, () => {
  test('a rename while it runs reaches every client, and is on the disk when it is answered', () =>
    using({}, async (berth) => {
      const app = await berth.online('one', 'demos');
      const other = await berth.create('other');
      const events = await Events.open(berth);
      const edited = await berth.patch(`/api/apps/${app.id}`, { name: 'Zwei', notes: 'for Tuesday', keepAwake: true });
      assert.equal(edited.status, 200, JSON.stringify(edited.body));
      assert.deepEqual([edited.body.name, edited.body.notes, edited.body.keepAwake], ['Zwei', 'for Tuesday', true]);
      const stored = berth.manifest().apps[app.id];
      assert.deepEqual([stored.name, stored.notes, stored.keepAwake], ['Zwei', 'for Tuesday', true]);
      await events.waitFor('the new name', (m) => m.type === 'app' && m.app.id === app.id && m.app.name === 'Zwei');
      assert.equal((await berth.patch('/api/apps/ZWEI', { notes: null })).body.notes, null); // by its new name
      assert.equal((await berth.patch(`/api/apps/${other.id}`, { name: 'zwei' })).body.code, 'name_taken');
      assert.equal((await berth.patch('/api/apps/nobody', { name: 'x' })).status, 404);
      await berth.kill();
      await berth.serve();
      assert.equal((await berth.app(app.id)).name, 'Zwei');
      events.socket.close();
    }));

  test('what its run was not started with is pending until the next start', () =>
    using({}, async (berth) => {
      const app = await berth.online('one', 'demos');
      const edited = await berth.patch(`/api/apps/${app.id}`, { category: 'work', lan: true });
      assert.deepEqual(edited.body.pending, ['category', 'lan']);
      await berth.kill();
      await berth.serve();
      assert.deepEqual((await berth.reaches(app.id, 'online')).pending, ['category', 'lan']);
      await berth.post(`/api/apps/${app.id}/restart`);
      assert.deepEqual((await berth.reaches(app.id, 'online')).pending, []);
      assert.equal(JSON.parse(await berth.ask(app, '/env')).CATEGORY, 'work');
    }));

  test('adopt, edit and rm from the command line', () =>
    using({}, async (berth) => {
      const folder = makeProject(work(berth, 'shop'));
      const before = fingerprint(folder);
      const relative = path.relative(process.cwd(), folder);
      const adopted = await cli(berth.url, ['adopt', relative, '--wait', '-c', 'work']);
      assert.equal(adopted.code, 0, adopted.stderr);
      assert.match(adopted.stdout, /^shop {2}online/);
      assert.equal((await cli(berth.url, ['path', 'shop'])).stdout.trim(), folder);
      assert.match((await cli(berth.url, ['show', 'shop'])).stdout, /adopted: Berth changes nothing in it/);
      const twice = await cli(berth.url, ['adopt', folder]);
      assert.equal(twice.code, 1);
      assert.match(twice.stderr, /is the app "shop" already/);
      const edited = await cli(berth.url, ['edit', 'shop', '--name', 'store', '--lan', '--notes', 'x', '--category=']);
      assert.equal(edited.code, 0, edited.stderr);
      assert.match(edited.stderr, /without the new category and lan until its next start/);
      const [{ name, lan, notes, category }] = (await berth.get('/api/apps')).body;
      assert.deepEqual([name, lan, notes, category], ['store', true, 'x', null]);
      assert.equal((await cli(berth.url, ['rm', '-y', 'store'])).code, 0);
      assert.equal(fingerprint(folder), before);
    }));
});
