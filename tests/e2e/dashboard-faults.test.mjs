// Faults that were found by using the dashboard, each kept from coming back: parts that cannot be fetched, actions on what was
// not seen, the focus, words that were not so.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

/** Apps that were never started: rows without a process. */
function manifestOf(...named) {
  const apps = named.map(([name, category], i) => {
    const id = `faults${String(i).padStart(4, '0')}`;
    const entry = { id, name, category: category ?? null, directory: `./created-apps/${id}`, port: 20_001 + i, createdAt: `2026-01-31T14:30:${String(59 - i)}.000Z` };
    return [id, { ...entry, intent: 'stop', pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0 }];
  });
  return JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: Object.fromEntries(apps) });
}

/** No idle moment comes: what is fetched, is fetched because it is needed. */
const neverIdle = (page) => page.addInitScript(() => (window.requestIdleCallback = () => 0));

describe('parts of the page', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => {
    [berth, browser] = await Promise.all([Berth.start({ manifest: manifestOf(['amber otter']) }), launch()]);
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const row = (d) => d.rowNamed('amber otter');

  test('that cannot be fetched say so in their place, and the page stays', () =>
    withDashboard(browser, berth, { prepare: neverIdle, network: true }, async (d, page) => {
      await d.is('live');
      let away = true;
      await page.route(/\/assets\/(LogPanel|Palette|MetricCharts)-.*\.js$/, (route) => (away ? route.abort() : route.continue()));
      await row(d).focus();
      await page.keyboard.press('l');
      await d.get('part-failed').getByText('The logs could not be shown').waitFor();
      await page.keyboard.press('ArrowRight');
      await d.get('app-detail').getByTestId('part-failed').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'The commands could not be shown' }).waitFor();
      await page.keyboard.press('Escape');
      await row(d).waitFor();
      away = false;
      await d.accessible('what says so');
      await d.get('part-failed').filter({ hasText: 'logs' }).getByRole('button', { name: 'Reload the page' }).click();
      await d.is('live');
      await row(d).focus();
      await page.keyboard.press('l');
      await d.get('log-panel').waitFor();
    }));

  test('are fetched when idle: with the server stopped, the logs and the commands still open', () =>
    withDashboard(browser, berth, { network: true }, async (d, page) => {
      await d.is('live');
      const fetched = () => page.evaluate(() => performance.getEntriesByType('resource').map((entry) => entry.name).join());
      const parts = [/LogPanel.*js/, /Palette.*js/, /popoverParts.*js/, /HealthFacts.*js/, /AppDetail.*js/, /MetricCharts.*js/];
      await eventually('the parts are fetched', async () => {
        const names = await fetched();
        return parts.every((part) => part.test(names));
      });
      await berth.kill();
      await d.is('offline');
      await row(d).focus();
      await page.keyboard.press('l');
      await d.get('log-panel').waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await d.get('palette').waitFor();
      await page.keyboard.press('Escape');
      await d.gone(d.get('palette'));

      // What it says meanwhile is so.
      assert.equal(await d.get('connection').getByRole('status').innerText(), 'Offline', 'the age is not announced by the second');
      await d.get('health').click();
      await page.getByRole('heading', { name: 'Berth does not answer' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Details of amber otter' }).click();
      await d.get('app-detail').getByText('not known now').first().waitFor();
      await d.get('app-detail').getByText('nothing recorded yet').first().waitFor();
      await berth.serve();
      await d.is('live');
      await d.get('app-detail').getByText('not running').first().waitFor();
    }));

  test('do not need a storage', () => {
    const prepare = (page) =>
      page.addInitScript(() => {
        for (const storage of ['localStorage', 'sessionStorage'])
          Object.defineProperty(window, storage, {
            get() {
              throw new DOMException('forbidden', 'SecurityError');
            },
          });
      });
    return withDashboard(browser, berth, { prepare }, async (d) => {
      await row(d).locator('[data-action=logs]').click();
      await d.get('log-panel').waitFor();
    });
  });

  test('a server of another version is noticed, and the page offers to be loaded anew', () =>
    withDashboard(browser, berth, { network: true }, async (d, page) => {
      await d.is('live');
      const newer = async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), version: '99.0.0' } });
      };
      await page.route('**/api/health', newer);
      await d.get('new-version').getByText('version 99.0.0').waitFor();
      await page.unroute('**/api/health', newer);
      await d.get('new-version').getByRole('button', { name: 'Reload' }).click();
      await d.is('live');
      assert.equal(await d.get('new-version').count(), 0);
    }));
});

describe('what is acted on is what was seen', { timeout: 240_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  async function using(options, body) {
    const berth = await Berth.start(options);
    try {
      await withDashboard(browser, berth, { network: true }, (d, page) => d.is('live').then(() => body(d, page, berth)));
    } finally {
      await berth.close();
    }
  }

  test('an app that came while the question was open is not deleted', () =>
    using({ manifest: manifestOf(['one'], ['two']) }, async (d, page, berth) => {
      await d.get('all-actions').click();
      await page.getByRole('menuitem', { name: /Delete all apps/ }).click();
      await page.getByRole('button', { name: 'Delete 2 apps' }).waitFor();
      const late = await berth.create('came late');
      await page.getByRole('button', { name: 'Delete 2 apps' }).click();
      await d.says('2 apps deleted');
      assert.deepEqual((await berth.get('/api/apps')).body.map((app) => app.id), [late.id]);
      await d.row(late).waitFor();
    }));

  test('rows that the search leaves out are not in the selection', () =>
    using({ manifest: manifestOf(['one'], ['two'], ['three']) }, async (d, page, berth) => {
      await d.rowNamed('one').focus();
      await page.keyboard.press('a');
      await d.get('bulk-bar').getByText('3 apps').waitFor();
      await page.getByRole('searchbox', { name: /Search apps/ }).fill('two');
      await d.get('bulk-bar').getByText('1 app').waitFor();
      await d.get('bulk-bar').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      await d.says('Deleted “two”');
      const left = (await berth.get('/api/apps')).body.map((app) => app.name);
      assert.deepEqual(left.sort(), ['one', 'three']);
    }));

  test('a create without a name knows its own operation among others', () =>
    using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (d, page, berth) => {
      // Another client's create begins after this page asked, and before the server heard of it.
      let theirs;
      const first = async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        theirs = berth.post('/api/apps', { name: 'theirs' });
        await page.locator('[data-testid=operation-row]', { hasText: 'theirs' }).waitFor();
        return route.continue();
      };
      await page.route('**/api/apps', first);
      await d.get('create').click();
      await d.get('create-dialog').getByRole('button', { name: 'Create app' }).click();
      await d.get('create-line').getByText('hanging').waitFor();
      await page.getByRole('button', { name: 'Cancel creation' }).click();
      await d.gone(d.get('create-progress'));
      const left = (await berth.get('/api/operations')).body;
      assert.deepEqual(left.map((operation) => operation.name), ['theirs']);
      // It is shown whatever is filtered.
      await page.locator('[data-filter=errored]').click();
      await page.locator('[data-testid=operation-row]', { hasText: 'theirs' }).waitFor();
      await berth.delete(`/api/operations/${left[0].id}`);
      await theirs;
    }));

  test('a create that fails says so once: in its dialog, or as a message when that is closed', () =>
    using({ environment: { BERTH_SMALL_APP: 'fail' } }, async (d, page, berth) => {
      await d.get('create').click();
      await d.get('create-dialog').getByRole('button', { name: 'Create app' }).click();
      await d.get('create-problem').getByText(/problem 30/).waitFor();
      assert.equal(await page.locator('[data-sonner-toast]').count(), 0);
      await page.getByRole('button', { name: 'Cancel' }).click();
      const held = await new Promise((resolve) => {
        page.route('**/api/apps', (route) => (route.request().method() === 'POST' ? resolve(route) : route.continue())).then(async () => {
          await d.get('create').click();
          await d.get('create-dialog').getByRole('button', { name: 'Create app' }).click();
        });
      });
      await page.getByRole('button', { name: 'Continue in background' }).click();
      await d.gone(d.get('create-progress'));
      await held.continue();
      await d.says('The app could not be created');
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    }));

  test('a problem that was hidden is shown when it comes back; a category that changed regroups', () =>
    using({ manifest: manifestOf(['one', 'demos'], ['two', 'demos']) }, async (d, page, berth) => {
      const problem = d.get('problems').locator('[data-code=manifest_invalid]');
      const manifest = berth.manifest();
      for (let i = 0; i < 2; i++) {
        writeFileSync(berth.manifestFile, '{ "version": ');
        await problem.waitFor();
        await problem.getByRole('button', { name: 'Hide this problem' }).click();
        await d.gone(problem);
        Object.values(manifest.apps)[0].category = `labs ${i}`;
        writeFileSync(berth.manifestFile, JSON.stringify(manifest));
        await page.locator(`[data-testid=group][data-category="labs ${i}"]`).waitFor();
        const codes = async () => (await berth.get('/api/health')).body.problems.map((one) => one.code);
        await eventually('it is over', async () => !(await codes()).includes('manifest_invalid'));
      }
    }));
});

describe('keys, focus and the log', { timeout: 240_000 }, () => {
  let berth, browser, app;
  before(async () => {
    const quiet = Array.from({ length: 14 }, (_, i) => [`quiet ${String(i).padStart(2, '0')}`]);
    [berth, browser] = await Promise.all([Berth.start({ manifest: manifestOf(...quiet) }), launch()]);
    app = await berth.online('writes');
    await berth.ask(app, '/log?lines=600&text=early');
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const dashboard = (options, body) => withDashboard(browser, berth, options, body);
  const openLogs = async (d) => {
    await d.action(app, 'logs').click();
    await d.logShows('early 599');
  };

  test('the row that has the focus is clear of the head of the table', () =>
    dashboard({ viewport: { width: 1440, height: 420 } }, async (d, page) => {
      await d.is('live');
      await d.row(app).focus();
      for (let i = 0; i < 14; i++) await page.keyboard.press('j');
      for (let i = 0; i < 14; i++) {
        await page.keyboard.press('k');
        const { row, head } = await page.evaluate(() => ({
          row: document.activeElement.getBoundingClientRect().top,
          head: document.querySelector('thead').getBoundingClientRect().bottom,
        }));
        assert.ok(row >= head - 1, `row ${i} begins at ${row}, the head ends at ${head}`);
      }
    }));

  test('from the commands to a new app: the focus is in the dialog, and afterwards where it was', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await d.row(app).focus();
      await page.keyboard.press('Control+k');
      await d.get('palette').waitFor(); // a part of its own, fetched when idle
      await page.keyboard.type('create app');
      await d.get('palette').locator('[data-selected=true]', { hasText: 'Create app' }).waitFor();
      await page.keyboard.press('Enter');
      await d.get('create-dialog').waitFor();
      await d.gone(d.get('palette'));
      await page.keyboard.type('typed at once');
      assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'typed at once');
      await page.keyboard.press('Escape');
      await d.gone(d.get('create-dialog'));
      await eventually('the focus is on the row', () => page.evaluate((id) => document.activeElement.dataset.appId === id, app.id));
    }));

  test('Enter held down opens one tab', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await d.row(app).focus();
      const opened = d.context.waitForEvent('page');
      for (let i = 0; i < 4; i++) await page.keyboard.down('Enter');
      await page.keyboard.up('Enter');
      await (await opened).waitForURL(`http://localhost:${app.port}/`);
      assert.equal(d.context.pages().length, 2);
    }));

  test('the keys of a menu are not the log’s; a drag that was taken away is over', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await openLogs(d);
      await d.get('log-download').click();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key);
      assert.equal(await d.get('log-follow').getAttribute('data-paused'), 'false');
      await page.keyboard.press('Escape');
      await d.gone(page.getByRole('menu'));
      await d.get('log-panel').waitFor();

      const handle = page.getByRole('separator', { name: 'Height of the logs' });
      const { x, y } = await handle.boundingBox();
      await page.mouse.move(x + 100, y + 4);
      await page.mouse.down();
      await handle.evaluate((element) => {
        element.dispatchEvent(new PointerEvent('pointercancel', { bubbles: true, pointerId: 1 }));
        element.releasePointerCapture(1);
      });
      const before = await handle.getAttribute('aria-valuenow');
      await page.mouse.move(x + 120, y + 1);
      await page.mouse.up();
      assert.equal(await handle.getAttribute('aria-valuenow'), before);
    }));

  test('turning a tablet keeps the search; Escape clears a search before it closes the logs, narrow too', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await openLogs(d);
      const search = page.getByRole('searchbox', { name: 'Search in the log' });
      await search.fill('early');
      await d.get('log-matches').getByText('600/600').waitFor();
      await page.setViewportSize({ width: 800, height: 900 });
      await page.getByRole('dialog', { name: 'Logs of writes' }).waitFor();
      assert.equal(await search.inputValue(), 'early');
      await d.get('log-matches').getByText('600/600').waitFor();
      await d.accessible('the logs over the whole screen');
      await search.focus();
      await page.keyboard.press('Escape');
      assert.equal(await search.inputValue(), '');
      await d.get('log-panel').waitFor();
      await page.keyboard.press('Escape');
      await d.gone(d.get('log-panel'));
    }));

  test('the log can be read without eyes, and what is copied is what the app wrote, seen or not', () =>
    dashboard({ permissions: ['clipboard-read', 'clipboard-write'] }, async (d, page) => {
      await d.is('live');
      await openLogs(d);
      await berth.ask(app, '/log?lines=2&text=wrong&stream=stderr');
      await d.logShows('wrong 1');
      const reading = page.getByRole('region', { name: 'Lines in view' });
      await eventually('which stream it is of is said too', async () => /stderr:\s*wrong 1/.test(await reading.innerText()));

      const box = (text) => page.locator('[data-line]').filter({ hasText: text }).last().boundingBox();
      const [from, to] = [await box('wrong 0'), await box('wrong 1')];
      await page.mouse.move(from.x + 1, from.y + 5);
      await page.mouse.down();
      await page.mouse.move(to.x + 400, to.y + 5, { steps: 4 });
      await page.mouse.up();
      await page.keyboard.press('Home'); // Far away: the page no longer holds what lies between.
      await eventually('it is at the top', async () => !(await d.logText()).includes('wrong'));
      await page.keyboard.press('Control+c');
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await eventually('it is copied', async () => (await copied()) === 'wrong 0\nwrong 1');

      await d.get('log-download').click();
      await page.getByRole('menuitem', { name: 'Copy all lines shown here' }).click();
      await d.says('The log is copied');
      assert.match(await copied(), /early 0\n[^]*early 599[^]*\nwrong 0\nwrong 1$/);
      assert.doesNotMatch(await copied(), /▎|\x1b/);
    }));

  test('only lines that the filter shows are new ones', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await openLogs(d);
      await page.getByRole('button', { name: 'stdout' }).click();
      await d.get('log-follow').click();
      await berth.ask(app, '/log?lines=10&text=unseen&stream=stderr');
      await berth.ask(app, '/log?lines=2&text=seen');
      await d.get('log-unseen').getByText('2 new lines', { exact: true }).waitFor();
    }));
});
