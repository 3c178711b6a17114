// Whether a page works, by the real Next's own word, with the page open in a real browser.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';

const page = 'src/app/page.tsx';
const good = "export default function Page() {\n  return <main id=\"words\">well</main>;\n}\n";

describe('the real Next tells of its page', { timeout: 1_100_000 }, () => {
  let berth, browser, events, app, tab;

  before(async () => {
    berth = await Berth.start({ scaffold: null });
    browser = await launch();
    events = await Events.open(berth);
    app = await create('shop');
  });
  after(async () => {
    await browser?.close();
    await events?.close();
    await berth.close();
  });

  const create = async (name) => {
    const made = await berth.post('/api/apps', { name });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return berth.reaches(made.body.id, 'online', 120);
  };
  const file = (name) => path.join(berth.directory(app), name);
  const write = (name, text) => {
    mkdirSync(path.dirname(file(name)), { recursive: true });
    writeFileSync(file(name), text);
    return Date.now();
  };
  const told = (of = app) => events.messages.filter((m) => m.type === 'app' && m.app.id === of.id).at(-1)?.app;
  /** The WebSocket tells so; how long after the save, is printed. */
  const becomes = async (state, saved, where, of = app) => {
    const fits = () => told(of)?.page?.state === state && (!where || told(of).page.first?.file === where) && told(of).page;
    const seen = await eventually(`the page is ${state} ${where ?? ''}`, fits, 120).catch((error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(told(of)?.page)}`);
    });
    if (saved) console.log(`${state} ${where ?? ''} after ${Date.now() - saved} ms`);
    return seen;
  };
  const mended = async (name, text = good) => becomes('working', text === null ? (rmSync(file(name)), Date.now()) : write(name, text));
  const log = async (which) => (await berth.get(`/api/apps/${which.id}/logs?tail=500`)).body;
  const check = async () => (await berth.post(`/api/apps/${app.id}/check`)).body.page;

  test('an app that nobody opened is never compiled by looking, with the dashboard open for a minute', async () => {
    await withDashboard(browser, berth, {}, async () => {
      await eventually('it is said that nobody did', async () => (await berth.app(app.id)).page?.state === 'unchecked');
      await pause(60_000);
      const now = await berth.app(app.id);
      assert.equal(now.page.reason, 'Nobody has opened a page of it since it started.');
      assert.ok(now.memoryMB < 300, `${now.memoryMB} MB`);
      const { stdout } = await log(app);
      assert.doesNotMatch(stdout, /Compil|GET|POST/);
    });
  });

  test('a syntax error in an open page: file, line and title on every client; mended, it works', async () => {
    write(page, good);
    tab = await browser.newPage();
    await tab.goto(`http://localhost:${app.port}/`, { timeout: 120_000 }); // the first compile, on a busy machine
    await tab.locator('#words').waitFor({ timeout: 60_000 });
    await becomes('working');
    const saved = write(page, good.replace('well</main>', 'well</main'));
    const broken = await becomes('broken', saved, page);
    assert.ok(broken.first.line >= 2 && broken.first.line <= 3, JSON.stringify(broken.first));
    assert.ok(broken.first.column >= 1);
    assert.ok(broken.first.title.length > 0);
    assert.match(broken.first.frame, /well/);
    assert.deepEqual((await berth.app(app.id)).page.first, broken.first);
    assert.match((await cli(berth.url, ['ls'])).stdout, /online, page broken: src\/app\/page\.tsx:\d/);
    const why = (await berth.get(`/api/apps/${app.id}/why`)).body;
    assert.match(why.sentence, /its page is broken: src\/app\/page\.tsx:\d/);
    await mended(page);
    await tab.locator('#words', { hasText: 'well' }).waitFor({ timeout: 60_000 });
  });

  test('an import that is missing, and how to get it', async () => {
    const broken = await becomes('broken', write(page, `import { x } from 'no-such-package';\n${good.replace('well', '{x}')}`), page);
    assert.match(broken.first.title, /Can't resolve 'no-such-package'/);
    assert.equal(broken.first.line, 1);
    const why = (await berth.get(`/api/apps/${app.id}/why`)).body;
    assert.ok(why.hints.some((hint) => /"no-such-package" is a package, install it with npm/.test(hint)), why.hints.join('\n'));
    await mended(page);
  });

  test('a type error, which Next does not mind, leaves it working', async () => {
    write(page, `const n: number = 'text';\n${good.replace('well', '{n}')}`);
    await tab.locator('#words', { hasText: 'text' }).waitFor({ timeout: 60_000 });
    assert.equal((await check()).state, 'working');
    await mended(page);
  });

  test('an error in a route that nobody opened', async () => {
    const other = 'src/app/other/page.tsx';
    await becomes('broken', write(other, 'export default function Other() { return <<<; }\n'), other);
    await mended(other, null);
    assert.equal(existsSync(file(other)), false);
  });

  test('an error in what stands before every route, by its new name and its old one', async () => {
    for (const name of ['proxy', 'middleware']) {
      const before = `src/${name}.ts`;
      const works = `import { NextResponse } from 'next/server';\nexport function ${name}() {\n  return NextResponse.next();\n}\n`;
      const broken = await becomes('broken', write(before, works.replace('.next();', '.next(;')), before);
      assert.equal(broken.first.line, 3, JSON.stringify(broken.first));
      assert.match(broken.first.frame, /NextResponse/);
      await mended(before, works);
      rmSync(file(before));
    }
    await becomes('working', write(page, good));
  });

  test('an error that an open tab runs into, with its message', async () => {
    const client = `'use client';\nimport { useEffect } from 'react';\nexport default function Page() {\n  useEffect(() => {\n    throw new Error('boom in the tab');\n  }, []);\n  return <main id="words">well</main>;\n}\n`;
    const broken = await becomes('broken', write(page, client));
    assert.match(broken.first.title, /boom in the tab/);
    await mended(page);
  });

  test('a next.config that throws: a crash, with its last words; mended and started again, it works', async () => {
    await tab.close();
    const config = ['next.config.ts', 'next.config.mjs', 'next.config.js'].find((name) => existsSync(file(name)));
    const was = readFileSync(file(config));
    write(config, "throw new Error('boom in the config');\n");
    await berth.post(`/api/apps/${app.id}/restart`);
    const crashed = await eventually('it is errored, with its last words', async () => {
      const now = await berth.app(app.id);
      return now.status === 'errored' && /boom in the config/.test(now.statusReason) && now;
    }, 60);
    assert.equal(crashed.page, null);
    const why = (await berth.get(`/api/apps/${app.id}/why`)).body;
    assert.ok(why.lastWords.some((line) => /boom in the config/.test(line)), why.lastWords.join('\n'));
    assert.ok(why.lastWords.every((line) => !line.includes('\x1b')));
    writeFileSync(file(config), was);
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online', 120);
    const page = await check(); // nobody has opened it: asked in person
    assert.equal(page.state, 'working', JSON.stringify(page));
  });

  test('a next.config that is broken while it runs is seen', async () => {
    const config = ['next.config.ts', 'next.config.mjs', 'next.config.js'].find((name) => existsSync(file(name)));
    const was = readFileSync(file(config));
    write(config, 'export default {{{;\n');
    const seen = await eventually('it is no longer well', async () => {
      const now = await berth.app(app.id);
      return (now.status === 'errored' || now.page?.state === 'broken') && now;
    }, 60);
    console.log(`with a broken next.config it is ${seen.status}: ${seen.statusReason ?? JSON.stringify(seen.page)}`);
    writeFileSync(file(config), was);
  });

  test('a package of a monorepo, adopted, that a sibling breaks: the file is named where it lies, and opens', async () => {
    await berth.post(`/api/apps/${app.id}/stop`);
    const root = path.join(berth.home, 'work', 'shop'); // as `npm install` leaves workspaces
    const web = path.join(root, 'apps', 'web');
    const sibling = path.join(root, 'packages', 'words', 'index.tsx');
    const said = (words) => (mkdirSync(path.dirname(sibling), { recursive: true }), writeFileSync(sibling, `export const words = ${words};\n`), Date.now());
    const left = ['node_modules', '.next', '.git', 'package-lock.json'];
    cpSync(berth.directory(app), web, { recursive: true, filter: (from) => !left.includes(path.relative(berth.directory(app), from)) });
    execFileSync('cp', ['-al', file('node_modules'), path.join(root, 'node_modules')]);
    writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'shop', private: true, workspaces: ['apps/*', 'packages/*'] }));
    writeFileSync(path.join(root, 'package-lock.json'), '{"name":"shop","lockfileVersion":3,"packages":{}}');
    said("'well'");
    writeFileSync(path.join(root, 'packages/words/package.json'), JSON.stringify({ name: 'words', version: '1.0.0', main: 'index.tsx' }));
    symlinkSync('../packages/words', path.join(root, 'node_modules/words'));
    writeFileSync(path.join(web, page), `import { words } from 'words';\n${good.replace('well', '{words}')}`);

    const made = await berth.post('/api/apps', { directory: web });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const adopted = await berth.reaches(made.body.id, 'online', 120);
    tab = await browser.newPage();
    await tab.goto(`http://localhost:${adopted.port}/`, { timeout: 120_000 });
    await tab.locator('#words', { hasText: 'well' }).waitFor({ timeout: 60_000 });
    await becomes('working', null, null, adopted);
    const broken = await becomes('broken', said("'well"), sibling, adopted);
    assert.equal(broken.first.line, 1);
    const chosen = (view) => view.addInitScript(() => localStorage.setItem('berth.view', '{"editor":"vscode"}'));
    await withDashboard(browser, berth, { prepare: chosen }, async (d) => {
      await d.visit(`/apps/${adopted.id}`);
      const link = d.get('why').getByRole('link', { name: sibling });
      assert.equal(await link.getAttribute('href'), `vscode://file${sibling}:1:${broken.first.column}`);
    });
    await becomes('working', said("'mended'"), null, adopted);
    await tab.locator('#words', { hasText: 'mended' }).waitFor({ timeout: 60_000 });
    await tab.close();
  });
});
