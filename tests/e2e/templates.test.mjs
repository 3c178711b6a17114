// Templates: the first create keeps one, later ones copy it; others come from repositories, folders and apps; what fails, is
// cancelled or is killed leaves nothing.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { eventually, using } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';
import { withEnvironment } from './support/processes.mjs';
import { inode, makeProject, packPackage, snapshot, standInForNpx } from './support/projects.mjs';

let home, tarball, project, installed, identity;

before(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'berth-templates-'));
  tarball = packPackage(home);
  project = makeProject(path.join(home, 'project'), tarball);
  installed = makeProject(path.join(home, 'installed'), tarball);
  execFileSync('npm', ['install', '--offline', '--silent'], { cwd: installed });
  writeFileSync(path.join(home, 'gitconfig'), '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = trunk\n');
  identity = { GIT_CONFIG_GLOBAL: path.join(home, 'gitconfig'), GIT_CONFIG_SYSTEM: '/dev/null' };
});
after(() => rmSync(home, { recursive: true, force: true }));

const folder = (berth, ...more) => path.join(berth.root, ...more);
const appFolders = (berth) => readdirSync(folder(berth, 'created-apps'));
const shelf = (berth) => readdirSync(folder(berth, '.berth/templates'));
const git = (where, ...words) =>
  execFileSync('git', ['-C', where, ...words], { env: { ...process.env, ...identity }, encoding: 'utf8' }).trim();
const template = async (berth, name) => (await berth.get('/api/templates')).body.find((each) => each.name === name);

/** A berth whose create-next-app is the stand-in. */
const builtIn = (more = {}) => {
  const place = mkdtempSync(path.join(home, 'npx-'));
  const { waits, ...options } = more;
  const runs = () => (existsSync(path.join(place, 'runs')) ? readFileSync(path.join(place, 'runs'), 'utf8').trim().split('\n').length : 0);
  const release = () => writeFileSync(path.join(place, 'RELEASE'), '');
  return {
    options: { scaffold: null, ...options, environment: { PATH: standInForNpx(place, project, { waits }), ...identity, ...options.environment } },
    runs,
    release,
  };
};

function repository(name, make = () => {}) {
  const at = makeProject(path.join(home, name), tarball, { lock: true });
  make(at);
  git(at, 'init', '-q');
  git(at, 'add', '-A');
  git(at, 'commit', '-q', '-m', 'one');
  return at;
}

describe('templates', { timeout: 280_000 }, () => {
  test('the first create scaffolds and keeps a template, the second is a copy with a name and a history of its own', () => {
    const { options, runs } = builtIn();
    return using(options, async (berth) => {
      assert.deepEqual((await berth.get('/api/templates')).body.map((t) => [t.name, t.madeAt]), [['next', null]]);
      const first = await berth.online('first');
      const second = await berth.online('second');
      assert.equal(runs(), 1);
      assert.equal(first.template, 'next');
      assert.equal(second.template, 'next');
      assert.equal(await berth.ask(second, '/'), `leftover 1.0.0 ${second.port}`);
      const read = (name) => JSON.parse(readFileSync(path.join(berth.directory(second), name), 'utf8'));
      assert.equal(read('package.json').name, second.id);
      assert.equal(read('package-lock.json').name, second.id);
      assert.equal(read('package-lock.json').packages[''].name, second.id);
      assert.equal(git(berth.directory(second), 'log', '--format=%s|%an'), 'Initial commit from Create Next App|Ada');
      assert.equal(git(berth.directory(second), 'status', '--porcelain'), '');
      assert.equal(git(berth.directory(second), 'branch', '--show-current'), 'trunk');
      const kept = folder(berth, '.berth/templates/next/tree');
      assert.equal(existsSync(path.join(kept, '.git')), false);
      const linked = 'node_modules/leftover/index.js';
      const shares = inode(path.join(kept, linked)) === inode(path.join(berth.directory(second), linked));
      assert.ok(shares || /cloned/.test(berth.log), 'packages are linked, or cloned');
      for (const own of ['package.json', 'server.cjs', 'node_modules/.package-lock.json'])
        assert.notEqual(inode(path.join(kept, own)), inode(path.join(berth.directory(second), own)), own);
      const made = await template(berth, 'next');
      assert.equal(made.builtIn, true);
      assert.match(made.node, /^v\d+/);
      assert.match(made.packageManager, /^npm \d+/);
      assert.deepEqual(shelf(berth), ['next']);
    });
  });

  test('two first creates at once: one scaffold, the other waits and copies', () => {
    const { options, runs, release } = builtIn({ waits: true });
    return using(options, async (berth) => {
      const creates = ['one', 'two'].map((name) => berth.post('/api/apps', { name }));
      await eventually('one scaffolds, one waits', async () => {
        const phases = (await berth.get('/api/operations')).body.map((o) => o.phase).sort();
        return phases.join() === 'scaffolding,waiting' && runs() === 1;
      });
      release();
      for (const { status, body } of await Promise.all(creates)) assert.equal(status, 201, JSON.stringify(body));
      assert.equal(runs(), 1);
    });
  });

  test('a template removed by hand, whole or in part, is made anew', () => {
    const { options, runs } = builtIn();
    return using(options, async (berth) => {
      await berth.create('first');
      rmSync(folder(berth, '.berth/templates/next'), { recursive: true });
      await berth.create('second');
      assert.equal(runs(), 2);
      rmSync(folder(berth, '.berth/templates/next/tree/node_modules/leftover/lib'), { recursive: true });
      const third = await berth.create('third');
      assert.equal(runs(), 3);
      assert.equal(readdirSync(path.join(berth.directory(third), 'node_modules/leftover/lib')).length, 3);
      await berth.create('fourth');
      assert.equal(runs(), 3);
    });
  });

  test('fresh scaffolds anew; where git knows no name there is no history', () => {
    const anonymous = path.join(home, 'anonymous');
    writeFileSync(anonymous, '[user]\n\tuseConfigOnly = true\n');
    const { options, runs } = builtIn({ environment: { GIT_CONFIG_GLOBAL: anonymous } });
    return using(options, async (berth) => {
      await berth.create('first');
      assert.equal((await cli(berth.url, ['create', 'anew', '--fresh'])).code, 0);
      assert.equal(runs(), 2);
      const third = await berth.create('third');
      assert.equal(runs(), 2);
      assert.equal(existsSync(path.join(berth.directory(third), '.git')), false);
      for (const body of [{ fresh: true, from: third.id }, { template: 'next', from: third.id }, { fresh: true, template: 'x' }, { fresh: 1 }])
        assert.equal((await berth.post('/api/apps', body)).body.code, 'invalid_request');
    });
  });

  test('a template that is too old serves, and is renewed behind the answer', () => {
    const { options, runs } = builtIn();
    return using(options, async (berth) => {
      await berth.create('first');
      const about = folder(berth, '.berth/templates/next/template.json');
      writeFileSync(about, JSON.stringify({ ...JSON.parse(readFileSync(about, 'utf8')), madeAt: '2020-01-01T00:00:00.000Z' }));
      await berth.create('second');
      const renewed = await eventually('it is renewed', async () => {
        const next = await template(berth, 'next');
        return next.operation === null && next.madeAt > '2021' && next;
      });
      assert.equal(runs(), 2);
      assert.ok(renewed.madeAt);
      await eventually('the old one is gone', () => shelf(berth).join() === 'next' && readdirSync(folder(berth, '.berth/trash')).length === 0);
    });
  });

  test('from a repository over file://: a branch, no submodule, no hook, install scripts by npm', () =>
    using({ environment: identity }, async (berth) => {
      const inner = repository('submodule');
      const at = repository('starter', (where) => {
        writeFileSync(path.join(where, 'branch.txt'), 'main');
        });
      git(at, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'inner');
      git(at, 'commit', '-q', '-m', 'two');
      git(at, 'checkout', '-q', '-b', 'other');
      writeFileSync(path.join(at, 'branch.txt'), 'other');
      git(at, 'commit', '-q', '-am', 'three');
      git(at, 'checkout', '-q', '-');
      const events = await Events.open(berth);
      const made = await berth.post('/api/templates', { name: 'starter', source: `file://${at}#other` });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.equal(made.body.commit, git(at, 'rev-parse', 'other'));
      assert.match(made.body.packageManager, /^npm /);
      const phases = new Set(events.of('operation').map((m) => m.operation.phase));
      for (const phase of ['fetching', 'installing', 'done']) assert.ok(phases.has(phase), [...phases].join());
      await events.close();
      const tree = folder(berth, '.berth/templates/starter/tree');
      assert.equal(readFileSync(path.join(tree, 'branch.txt'), 'utf8'), 'other');
      assert.equal(existsSync(path.join(tree, '.git')), false);
      assert.deepEqual(readdirSync(path.join(tree, 'inner')), []);
      const { body: app } = await berth.post('/api/apps', { name: 'from it', template: 'starter' });
      assert.equal(app.template, 'starter');
      await berth.reaches(app.id, 'online');
      assert.equal(git(berth.directory(app), 'log', '--format=%s'), 'Initial commit from the template starter');
      assert.equal((await berth.post('/api/templates', { name: 'starter', source: `file://${at}` })).body.code, 'name_taken');
      assert.equal((await berth.post('/api/apps', { template: 'nothing' })).body.code, 'template_not_found');
      const refreshed = await berth.post('/api/templates/starter/refresh');
      assert.equal(refreshed.status, 200, JSON.stringify(refreshed.body));
      assert.equal((await berth.delete('/api/templates/starter')).status, 200);
      assert.equal((await berth.delete('/api/templates/starter')).body.code, 'template_not_found');
      assert.equal((await berth.post('/api/templates/starter/refresh')).body.code, 'template_not_found');
      assert.equal((await berth.app(app.id)).status, 'online');
    }));

  test('from a folder, by the command line; the folder stays as it is', () =>
    using({ environment: identity }, async (berth) => {
      const at = makeProject(path.join(home, 'a folder, ü'), tarball);
      symlinkSync('/etc', path.join(at, 'outward'));
      execFileSync('npm', ['install', '--offline', '--silent'], { cwd: at });
      const was = snapshot(at);
      const added = await cli(berth.url, ['template', 'add', 'mine', at]);
      assert.equal(added.code, 0, added.stderr);
      assert.match(added.stdout, /^mine .*berth create --template mine\n$/);
      const list = await cli(berth.url, ['template', 'ls']);
      assert.match(list.stdout, /NAME.*\nmine +\d{4}-\d\d-\d\d/);
      const made = await cli(berth.url, ['create', 'copy', '--template', 'mine', '--json']);
      assert.equal(made.code, 0, made.stderr);
      const app = JSON.parse(made.stdout);
      assert.equal(readFileSync(path.join(berth.directory(app), 'server.cjs'), 'utf8'), readFileSync(path.join(at, 'server.cjs'), 'utf8'));
      assert.ok(existsSync(path.join(berth.directory(app), 'node_modules/leftover/index.js')));
      assert.deepEqual(snapshot(at), was);
      assert.equal((await cli(berth.url, ['template', 'refresh', 'mine'])).code, 0);
      assert.equal((await cli(berth.url, ['template', 'rm', 'mine'])).stdout, 'removed mine\n');
      assert.equal((await berth.delete(`/api/apps/${app.id}?cleanup=true`)).status, 200);
      assert.deepEqual(snapshot(at), was);
      assert.ok(existsSync('/etc/passwd'));
    }));

  test('what is no template is refused in words and leaves nothing', () =>
    using({ environment: { ...identity, GIT_ASKPASS: '/bin/cat' } }, async (berth) => {
      const empty = path.join(home, 'empty');
      mkdirSync(empty, { recursive: true });
      const foreign = makeProject(path.join(home, 'foreign'), tarball, { extra: { packageManager: 'pnpm@9.1.0' } });
      const add = (source, name = 'x') => berth.post('/api/templates', { name, source });
      for (const [source, code, words] of [
        ['ext::sh -c date', 'invalid_request', /git URL/],
        ['relative/folder', 'invalid_request', /whole path/],
        [`file://${home}/nothing`, 'template_failed', /git ended with exit code 128/],
        [`file://${repository('branchless')}#no-such`, 'template_failed', /no-such/],
        [empty, 'template_failed', /package\.json/],
        [path.join(home, 'nowhere'), 'template_failed', /nowhere/],
        [berth.home, 'template_failed', /Berth's own folder/],
      ]) {
        const { body } = await add(source);
        assert.equal(body.code, code, `${source}: ${JSON.stringify(body)}`);
        assert.match(body.detail, words);
      }
      for (const name of ['../x', '.hidden', '', 'A']) assert.equal((await add(project, name)).body.code, 'invalid_request', name);
      assert.equal((await add(project, 'next')).body.code, 'name_taken');
      if (!process.env.PATH.split(':').some((each) => existsSync(path.join(each, 'pnpm')))) {
        const { body } = await add(foreign);
        assert.equal(body.code, 'template_failed');
        assert.match(body.detail, /pnpm is not installed: npm install -g pnpm/);
      }
      assert.deepEqual(shelf(berth), []);
      assert.deepEqual((await berth.get('/api/operations')).body, []);
    }));

  test('a fork takes the uncommitted work of a running app along, and not its .next', () =>
    using({ environment: identity, scaffold: `cp -r ${installed}` }, async (berth) => {
      const original = await berth.online('Original');
      const at = berth.directory(original);
      writeFileSync(path.join(at, 'work.txt'), 'not committed');
      mkdirSync(path.join(at, '.next/dev'), { recursive: true });
      writeFileSync(path.join(at, '.next/dev/lock'), '{}');
      const forked = await cli(berth.url, ['create', 'Fork', '--from', 'Original', '--json']);
      assert.equal(forked.code, 0, forked.stderr);
      const fork = JSON.parse(forked.stdout);
      await berth.reaches(fork.id, 'online');
      assert.equal(fork.template, `app:${original.id}`);
      assert.equal(readFileSync(path.join(berth.directory(fork), 'work.txt'), 'utf8'), 'not committed');
      assert.equal(existsSync(path.join(berth.directory(fork), '.next')), false);
      assert.equal(git(berth.directory(fork), 'log', '--format=%s'), 'Fork of Original');
      writeFileSync(path.join(berth.directory(fork), 'work.txt'), 'of the fork');
      assert.equal(readFileSync(path.join(at, 'work.txt'), 'utf8'), 'not committed');
      assert.equal((await berth.post('/api/apps', { from: 'nobody' })).body.code, 'app_not_found');
    }));
});

describe('templates cut short', { timeout: 280_000 }, () => {
  /** A template of so many files that a copy can be caught in the middle; the copies have to be real ones, which take longer. */
  const bulky = () => {
    const at = path.join(mkdtempSync(path.join(home, 'bulky-')), 'project');
    makeProject(at, tarball);
    for (let i = 0; i < 60; i++) {
      mkdirSync(path.join(at, 'data', String(i)), { recursive: true });
      for (let k = 0; k < 200; k++) writeFileSync(path.join(at, 'data', String(i), `${k}.txt`), 'x'.repeat(2000));
    }
    return at;
  };

  const copying = (berth) =>
    eventually('a copy is under way', async () => {
      const all = (await berth.get('/api/operations')).body;
      return all.find((o) => o.phase === 'copying' && existsSync(folder(berth, 'created-apps', o.id, 'data')));
    });

  test('a cancel in the middle of a copy leaves nothing', () =>
    using({ scaffold: `cp -r ${bulky()}` }, async (berth) => {
      const original = await berth.create('Original');
      const create = berth.post('/api/apps', { name: 'gone', from: original.id });
      const operation = await copying(berth);
      const cancelled = await berth.delete(`/api/operations/${operation.id}`);
      const made = await create;
      // On a quick machine the copy may have ended in that very moment: then it is an app.
      if (cancelled.body.phase === 'cancelled') {
        assert.equal(made.body.code, 'cancelled');
        assert.deepEqual(appFolders(berth), [original.id]);
        assert.deepEqual(readdirSync(folder(berth, '.berth/journal')), []);
      } else {
        assert.equal(cancelled.body.code, 'not_cancellable');
      }
    }));

  test('killed in the middle of a copy: nothing is left', () =>
    using({ scaffold: `cp -r ${bulky()}` }, async (berth) => {
      const original = await berth.create('Original');
      berth.post('/api/apps', { name: 'lost', from: original.id }).catch(() => {});
      const operation = await copying(berth);
      await berth.kill('SIGKILL');
      await berth.serve();
      await eventually('nothing is left', () => !existsSync(folder(berth, 'created-apps', operation.id)));
      assert.deepEqual((await berth.get('/api/apps')).body.map((a) => a.id), [original.id]);
    }));

  test('killed while a template is made: no process, no folder, and it can be made again', () => {
    const { options, release } = builtIn({ waits: true });
    return using(options, async (berth) => {
      berth.post('/api/templates/next/refresh').catch(() => {});
      await eventually('it scaffolds', async () => (await berth.get('/api/operations')).body[0]?.line?.startsWith('Creating'));
      const [making] = shelf(berth);
      const marker = `BERTH_SCAFFOLD=${folder(berth, '.berth/templates', making, 'tree')}`;
      assert.equal(withEnvironment(marker).length > 0, true);
      await berth.kill('SIGKILL');
      await berth.serve();
      await eventually('nothing is left', () => withEnvironment(marker).length === 0 && shelf(berth).length === 0);
      release();
      assert.equal((await berth.post('/api/templates/next/refresh')).status, 200);
    });
  });

  test('a cancel while a template is made', () => {
    const { options } = builtIn({ waits: true });
    return using(options, async (berth) => {
      const making = berth.post('/api/templates/next/refresh');
      const [operation] = await eventually('it scaffolds', async () => {
        const { body } = await berth.get('/api/operations');
        return body[0]?.line?.startsWith('Creating') && body;
      });
      assert.equal(operation.kind, 'template');
      assert.equal((await berth.delete(`/api/operations/${operation.id}`)).body.phase, 'cancelled');
      assert.equal((await making).body.code, 'cancelled');
      assert.deepEqual(shelf(berth), []);
    });
  });
});
