// An app never shares a writable file with another app or the template: what a package manager does in one copy changes no byte,
// mode or time of any other tree. With the real npm; with pnpm, yarn and bun where the registry gives them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { using } from './support/berth.mjs';
import { inode, installTool, makeProject, packPackage, snapshot } from './support/projects.mjs';

const run = promisify(execFile);
let home, tarball, newer, built, other;

before(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'berth-copies-'));
  tarball = packPackage(home);
  newer = packPackage(home, { version: '1.1.0' });
  built = packPackage(home, { name: 'built', scripts: { install: 'date +%N > built.txt' } });
  other = packPackage(home, { name: 'other' });
});
after(() => rmSync(home, { recursive: true, force: true }));

/** The first argument is the folder of the copy; vendor/ in it holds all tarballs. */
const work = {
  npm: [
    ['install', '--offline', './vendor/other-1.0.0.tgz'],
    ['install', '--offline', './vendor/leftover-1.1.0.tgz'],
    ['update', '--offline'],
    ['rebuild'],
    ['dedupe', '--offline'],
    ['uninstall', '--offline', 'built'],
    ['ci', '--offline'],
  ],
  pnpm: [['add', './vendor/other-1.0.0.tgz'], ['add', './vendor/leftover-1.1.0.tgz'], ['update'], ['rebuild'], ['dedupe'], ['remove', 'built']],
  yarn: [['add', 'file:./vendor/other-1.0.0.tgz'], ['upgrade'], ['install', '--force'], ['remove', 'built']],
  bun: [['add', './vendor/other-1.0.0.tgz'], ['update'], ['install', '--force'], ['remove', 'built']],
};

/** A PATH on which the manager is; null: the registry does not give it. */
async function pathWith(manager, at) {
  const onPath = process.env.PATH.split(':').some((each) => existsSync(path.join(each, manager)));
  if (onPath) return process.env.PATH;
  const packages = { pnpm: 'pnpm@9', yarn: 'yarn@1', bun: 'bun@1' };
  try {
    const found = `${await installTool(at, packages[manager])}:${process.env.PATH}`;
    await run(manager, ['--version'], { env: { ...process.env, PATH: found }, timeout: 20_000 });
    return found;
  } catch {
    return null;
  }
}

describe('copies share nothing that is written', { timeout: 900_000 }, () => {
  for (const [manager, commands] of Object.entries(work))
    test(`what ${manager} does in one copy`, async (t) => {
      const tools = path.join(home, `tools-${manager}`);
      mkdirSync(tools);
      const PATH = await pathWith(manager, tools);
      if (PATH === null) return t.skip(`${manager} is not to be had here`);
      // Caches and stores of its own, for nothing of the user's must be what makes the test pass.
      const environment = {
        PATH,
        HOME: path.join(tools, 'home'),
        XDG_DATA_HOME: path.join(tools, 'data'),
        XDG_CACHE_HOME: path.join(tools, 'cache'),
        BUN_INSTALL_CACHE_DIR: path.join(tools, 'bun'),
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
      };
      mkdirSync(environment.HOME);
      const project = path.join(home, `project-${manager}`);
      const dependencies = { leftover: 'file:vendor/leftover-1.0.0.tgz', built: 'file:vendor/built-1.0.0.tgz' };
      makeProject(project, tarball, { extra: { dependencies, packageManager: { npm: 'npm@11.0.0', pnpm: 'pnpm@9.15.0', yarn: 'yarn@1.22.22', bun: 'bun@1.2.0' }[manager] } });
      for (const each of [newer, built, other]) writeFileSync(path.join(project, 'vendor', path.basename(each)), readFileSync(each));
      if (manager === 'pnpm') writeFileSync(path.join(project, '.npmrc'), 'manage-package-manager-versions=false\n');

      await using({ environment }, async (berth) => {
        const made = await berth.post('/api/templates', { name: manager, source: project });
        assert.equal(made.status, 201, JSON.stringify(made.body));
        const apps = [];
        for (const name of ['one', 'two', 'three']) {
          const { status, body } = await berth.post('/api/apps', { name, template: manager });
          assert.equal(status, 201, JSON.stringify(body));
          apps.push(body);
          await berth.reaches(body.id, 'online');
          await berth.post(`/api/apps/${body.id}/stop`);
        }
        const [one, two, three] = apps.map((app) => berth.directory(app));
        const template = path.join(berth.root, '.berth/templates', manager, 'tree');
        const before = [one, three, template].map((tree) => snapshot(tree));
        if (manager !== 'yarn' && existsSync(path.join(template, 'node_modules/leftover/index.js'))) {
          const shared = inode(path.join(one, 'node_modules/leftover/index.js')) === inode(path.join(two, 'node_modules/leftover/index.js'));
          if (!shared) t.diagnostic('the file system clones, or refuses links');
        }
        for (const command of commands) {
          await run(manager, command, { cwd: two, env: { ...process.env, ...environment }, timeout: 60_000 });
          for (const [i, tree] of [one, three, template].entries())
            assert.deepEqual(snapshot(tree), before[i], `after ${manager} ${command.join(' ')}`);
        }
        assert.ok(existsSync(path.join(two, 'node_modules/other/index.js')), 'the commands did their work');
        assert.equal(existsSync(path.join(two, 'node_modules/built')), false);
      });
    });
});
