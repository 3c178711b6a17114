// Names, categories and the root's own path shaped like commands, flags, paths and markup: text everywhere. No shell ever sees them,
// no flag is made of them, no terminal and no page is told anything by them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';
import { cli, startOnTerminal, withoutColours } from './support/cli.mjs';

const rootName = `it's a "root" $(touch pwned-root) ; touch pwned-root & %s \\n`;
const hostile = [
  ['$(touch pwned-1)', '`touch pwned-2`'],
  ['; rm -rf ~; touch pwned-3 #', '| touch pwned-4'],
  ['--help', '--version'],
  ['-y', '-rf'],
  ['../..', '/etc'],
  ['__proto__', 'constructor'],
  ['toString', '__proto__'],
  ['<img src=x onerror=alert(1)>', '${7*7}{{7*7}}'],
  ['字'.repeat(64), '👩‍👩‍👧‍👦 שלום'],
  [`a" 'b' \\ %00 %s %n`, 'NODE_OPTIONS=--require=/x'],
];
const refused = ['a\nb', 'a\rb', 'a\0b', 'a\x1b[31mb', 'a\x07b', 'a\u009bb', 'a\u202eb', 'a\u2066b', 'a\u200bb', '\ufeffa\ufeffb', 'x\u2028y', ' ', '\u00a0\u3000', 'x'.repeat(65), '字'.repeat(65), 'a\u{e0041}b'];

describe('hostile names', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start({ rootName, environment: { PWD: undefined } })));
  after(() => berth.close());

  const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;
  const nothingRan = () => {
    const found = [berth.home, berth.root, path.join(berth.root, 'created-apps'), process.cwd(), '/tmp', process.env.HOME]
      .flatMap((folder) => readdirSync(folder).filter((name) => name.includes('pwned')).map((name) => path.join(folder, name)))
      .filter((name) => name !== berth.root);
    for (const app of readdirSync(path.join(berth.root, 'created-apps')))
      found.push(...readdirSync(path.join(berth.root, 'created-apps', app)).filter((name) => name.includes('pwned')));
    assert.deepEqual(found, []);
    assert.ok(existsSync(process.env.HOME));
  };

  test('are created over the API and the command line, run, and stay the text they are', async () => {
    const made = await Promise.all(hostile.map(([name, category], i) => {
      if (i % 2) return berth.post('/api/apps', { name, category }).then(({ status, body }) => (assert.equal(status, 201, body.detail), body));
      return cli(berth.url, ['create', '--json', `--category=${category}`, '--', name]).then((run) => (assert.equal(run.code, 0, run.stderr), JSON.parse(run.stdout)));
    }));
    for (const [i, app] of made.entries()) {
      assert.deepEqual([app.name, app.category], hostile[i]);
      await berth.reaches(app.id, 'online');
      const environment = JSON.parse(await berth.ask(app, '/env'));
      assert.equal(environment.CATEGORY, hostile[i][1]);
      assert.equal(environment.NODE_OPTIONS, process.env.NODE_OPTIONS);
    }
    nothingRan();
  });

  test('those that hold controls, marks that turn text, or nothing at all are refused', async () => {
    for (const name of refused) {
      for (const body of [{ name }, { name: 'good', category: name }]) {
        const { status, body: problem } = await berth.post('/api/apps', body);
        assert.equal(status, 400, JSON.stringify(body));
        assert.doesNotMatch(problem.detail, control);
      }
      if (name.includes('\0') || name.trim() === '') continue; // no argument can hold the one; the other asks for a name to be made up
      const run = await cli(berth.url, ['create', '--', name]);
      assert.notEqual(run.code, 0, JSON.stringify(name));
      assert.doesNotMatch(run.stderr.replaceAll('\n', ''), control);
    }
    assert.equal((await berth.get('/api/apps')).body.length, hostile.length);
  });

  test('are found and shown by the command line, on a terminal too', async () => {
    for (const [name] of hostile) {
      const shown = await cli(berth.url, ['show', '--json', '--', name]);
      assert.equal(shown.code, 0, `${name}: ${shown.stderr}`);
      assert.equal(JSON.parse(shown.stdout)[0].name, name);
    }
    const { stdout } = await startOnTerminal(berth.url, 'berth ls', { columns: 300 }).end();
    const text = withoutColours(stdout).replaceAll('\r', '');
    assert.doesNotMatch(text.replaceAll('\n', ''), control);
    for (const [name] of hostile) assert.ok(text.includes(name), name);
    nothingRan();
  });

  test('are text in the dashboard, as names and as groups', async () => {
    const browser = await launch();
    try {
      await withDashboard(browser, berth, {}, async (d, page) => {
        await d.is('live');
        for (const [name, category] of hostile) {
          await d.rowNamed(name).first().waitFor();
          await page.locator('[data-testid=group]', { hasText: category }).first().waitFor();
        }
        assert.equal(await page.locator('[data-testid=app-row]').count(), hostile.length);
        assert.equal(await page.locator('img, [onerror]').count(), 0);
      });
    } finally {
      await browser.close();
    }
  });

  test('by category and by name they are stopped, started and deleted', async () => {
    const [[named, category]] = hostile;
    const stopped = await cli(berth.url, ['stop', `--category=${category}`]);
    assert.equal(stopped.code, 0, stopped.stderr);
    const app = (await berth.get('/api/apps')).body.find((a) => a.name === named);
    assert.equal(app.status, 'stopped');
    assert.equal((await berth.get(`/api/apps?category=${encodeURIComponent(category)}`)).body.length, 1);
    for (const name of ['--help', '-y', '../..', '__proto__']) {
      const run = await cli(berth.url, ['rm', '-y', '--', name]);
      assert.equal(run.code, 0, `${name}: ${run.stderr}`);
    }
    const { body } = await berth.post('/api/apps/actions', { action: 'delete', all: true });
    assert.ok(body.results.every((r) => r.ok), JSON.stringify(body));
    await eventually('every folder is gone', () => readdirSync(path.join(berth.root, 'created-apps')).length === 0);
    nothingRan();
  });
});
