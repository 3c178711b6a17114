// The real Next, from anything: copies of what create-next-app made, a fork, projects of somebody's own. One create-next-app is the
// source of all; what is asked of each is that a page comes, that an edit shows in a real browser, and that nobody else's bytes change.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Berth, eventually, freePorts } from './support/berth.mjs';
import { launch } from './support/browser.mjs';
import { accepts, isAlive, listenersOn, workingIn } from './support/processes.mjs';
import { fingerprint, git, runByHand } from './support/project.mjs';
import { inode, installTool, snapshot } from './support/projects.mjs';

const run = promisify(execFile);
const page = 'src/app/page.tsx';
const sentence = (words) => `export default function Page() {\n  return <main id="words">${words}</main>;\n}\n`;

describe('the real Next, from anything', { timeout: 1_100_000 }, () => {
  let berth, browser, template, tools;

  before(async () => {
    tools = mkdtempSync(path.join(os.tmpdir(), 'berth-tools-'));
    const pnpm = await installTool(path.join(tools, 'pnpm'), 'pnpm@9');
    berth = await Berth.start({ scaffold: null, environment: { PATH: `${pnpm}:${process.env.PATH}` } });
    browser = await launch();
    template = path.join(berth.root, '.berth/templates/next/tree');
  });
  after(async () => {
    await browser?.close();
    await berth?.close();
    rmSync(tools, { recursive: true, force: true });
  });

  const create = async (body) => {
    const made = await berth.post('/api/apps', body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return berth.reaches(made.body.id, 'online', 120);
  };
  const stop = (app) => berth.post(`/api/apps/${app.id}/stop`);
  /** Next's telemetry goes off from a process in a session of its own, which ends by itself, and clears up in .next. */
  const isQuiet = (folder) => eventually(`nothing works in ${folder}`, () => workingIn(folder).length === 0, 60);
  /** What Next makes of a page that it has compiled. */
  const opened = async (app) => {
    const answer = await fetch(`http://localhost:${app.port}/`);
    assert.equal(answer.status, 200);
    return answer.text();
  };
  /** An edit shows in an open tab without a reload. */
  const showsEdits = async (app, folder) => {
    const file = path.join(folder, page);
    const was = readFileSync(file);
    writeFileSync(file, sentence('before'));
    const tab = await browser.newPage();
    try {
      const connected = tab.waitForEvent('console', { predicate: (said) => said.text().includes('[HMR] connected'), timeout: 60_000 });
      await tab.goto(`http://localhost:${app.port}/`);
      await connected; // who edits earlier sees the page loaded anew
      await tab.locator('#words', { hasText: 'before' }).waitFor({ timeout: 60_000 });
      await tab.evaluate(() => (window.__same = true));
      writeFileSync(file, sentence('after'));
      await tab.locator('#words', { hasText: 'after' }).waitFor({ timeout: 30_000 });
      assert.equal(await tab.evaluate(() => window.__same), true, 'the page was loaded anew');
    } finally {
      await tab.close();
      writeFileSync(file, was);
    }
  };

  let first, second, third;

  test('the second app is a copy, on the loopback, and its edits show at once', async () => {
    first = await create({ name: 'first' });
    const begun = Date.now();
    second = await create({ name: 'second' });
    console.log(`the second is online after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    assert.equal(second.template, 'next');
    assert.deepEqual(listenersOn(second.port), ['127.0.0.1']);
    await opened(second);
    await showsEdits(second, berth.directory(second));
    for (const app of [first, second]) await stop(app);
  });

  test('a fork has the work that was not committed', async () => {
    writeFileSync(path.join(berth.directory(second), page), sentence('in the middle of it'));
    writeFileSync(path.join(berth.directory(second), 'src/app/new.ts'), 'export const added = 1;\n');
    third = await create({ name: 'third', from: second.id });
    assert.match(await opened(third), /in the middle of it/);
    assert.ok(existsSync(path.join(berth.directory(third), 'src/app/new.ts')));
    await stop(third);
    assert.notEqual(inode(path.join(berth.directory(second), page)), inode(path.join(berth.directory(third), page)));
  });

  test('what npm, next dev, eslint and tsc do in one copy changes no byte, mode or time of another', async () => {
    const [one, two, three] = [first, second, third].map((app) => berth.directory(app));
    const others = [one, three, template];
    const before = others.map((tree) => snapshot(tree));
    const unchanged = (what) => {
      for (const [i, tree] of others.entries()) assert.deepEqual(snapshot(tree), before[i], `after ${what}`);
    };
    await berth.post(`/api/apps/${second.id}/restart`);
    await berth.reaches(second.id, 'online', 120);
    await opened(second);
    await showsEdits(second, two);
    await stop(second);
    unchanged('next dev');
    const words = [
      ['npm', 'install', '--no-audit', '--no-fund', 'left-pad'],
      ['npm', 'update', '--no-audit', '--no-fund'],
      ['npm', 'rebuild'],
      ['npm', 'dedupe', '--no-audit', '--no-fund'],
      ['npx', '--no-install', 'eslint', '.'],
      ['npx', '--no-install', 'tsc', '--noEmit', '--incremental'],
      ['npm', 'uninstall', '--no-audit', '--no-fund', 'left-pad'],
    ];
    for (const [command, ...rest] of words) {
      await run(command, rest, { cwd: two, timeout: 240_000, maxBuffer: 64 << 20 });
      unchanged(`${command} ${rest.join(' ')}`);
    }
    assert.equal(existsSync(path.join(two, 'node_modules/left-pad')), false);
  });

  test('a git worktree is taken over from the terminal it ran in, and keeps every byte', async () => {
    const work = path.join(berth.home, 'work');
    const shop = path.join(work, 'shop');
    cpSync(template, shop, { recursive: true, verbatimSymlinks: true, filter: (file) => !/\/(node_modules|\.next)(\/|$)/.test(file.slice(template.length)) });
    git(shop, 'init', '-q', '-b', 'main');
    git(shop, 'add', '-A');
    git(shop, 'commit', '-q', '-m', 'first');
    const feature = path.join(work, 'shop feature');
    git(shop, 'worktree', 'add', '-q', '-b', 'feature', feature);
    cpSync(path.join(template, 'node_modules'), path.join(feature, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    const port = await freePorts(1);
    const byHand = runByHand(feature, port);
    try {
      await eventually('it runs by hand', () => accepts(port), 60);
      const refused = await berth.post('/api/apps', { directory: feature });
      assert.equal(refused.body.code, 'project_running', JSON.stringify(refused.body));
      const [, pid] = /pid (\d+), port/.exec(refused.body.detail);
      const app = await create({ directory: feature, takeOver: true });
      assert.equal(isAlive(Number(pid)), false);
      assert.equal(await accepts(port), false);
      assert.equal(app.owned, false);
      assert.deepEqual(listenersOn(app.port), ['127.0.0.1']);
      await opened(app);
      await showsEdits(app, feature);
      await stop(app);
      await isQuiet(work);
      const before = [fingerprint(feature), fingerprint(shop)];
      assert.equal((await berth.delete(`/api/apps/${app.id}?cleanup=true`)).body.warning, null);
      assert.deepEqual([fingerprint(feature), fingerprint(shop)], before);
      assert.equal(git(feature, 'status', '--porcelain'), '');
    } finally {
      await byHand.end();
    }
    assert.deepEqual(workingIn(work), []);
    rmSync(work, { recursive: true, force: true });
  });

  test('a package of a pnpm workspace is started by pnpm where it is, and nothing of the workspace changes', async () => {
    const work = path.join(berth.home, 'workspace');
    const web = path.join(work, 'apps/web');
    const isOwn = (file) => !/^\/(node_modules|\.next|package-lock\.json)(\/|$)/.test(file.slice(template.length));
    mkdirSync(path.join(work, 'apps'), { recursive: true });
    cpSync(template, web, { recursive: true, verbatimSymlinks: true, filter: isOwn });
    writeFileSync(path.join(work, 'package.json'), '{"name":"workspace","private":true}\n');
    writeFileSync(path.join(work, 'pnpm-workspace.yaml'), 'packages:\n  - apps/*\n');
    writeFileSync(path.join(work, '.gitignore'), 'node_modules\n.next\n');
    await run('pnpm', ['install'], { cwd: work, timeout: 300_000, maxBuffer: 64 << 20, env: { ...process.env, PATH: `${tools}/pnpm/bin:${process.env.PATH}`, CI: '1' } });
    git(work, 'init', '-q', '-b', 'main');
    git(work, 'add', '-A');
    git(work, 'commit', '-q', '-m', 'first');

    const app = await create({ directory: web });
    assert.equal(app.packageManager, 'pnpm');
    assert.equal(app.owned, false);
    assert.deepEqual(listenersOn(app.port), ['127.0.0.1']);
    await opened(app);
    await showsEdits(app, web);
    await stop(app);
    await isQuiet(work);
    const before = fingerprint(work);
    assert.equal((await berth.delete(`/api/apps/${app.id}?cleanup=true`)).body.warning, null);
    assert.equal(fingerprint(work), before);
    assert.equal(git(work, 'status', '--porcelain'), '');
    rmSync(work, { recursive: true, force: true });
  });
});
