// The list of apps (sections 9.1 and 9.2 of the requirements) in a real Chromium: what a row shows, and what can be done with it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';
import { accepts } from './support/processes.mjs';

/** Degrees on the colour circle, and how far from grey, of what a badge is written in. */
function colourOf(badge) {
  return badge.evaluate((element) => {
    const context = document.createElement('canvas').getContext('2d');
    context.fillStyle = getComputedStyle(element).color;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    const most = Math.max(r, g, b);
    const range = most - Math.min(r, g, b);
    const sixth = most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
    return { hue: range === 0 ? 0 : sixth * 60, saturation: range / most };
  });
}

const names = (hue, saturation) => {
  if (saturation < 0.3) return 'gray';
  if (hue < 15 || hue > 345) return 'red';
  if (hue < 35) return 'orange';
  if (hue < 65) return 'yellow';
  return hue > 90 && hue < 170 ? 'green' : `hue ${hue}`;
};

describe('the list', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });

  const dashboard = (body) => withDashboard(browser, berth, {}, body);

  test('before the first app, it says what to do', () =>
    dashboard(async ({ get }, page) => {
      await get('empty').getByText('No apps yet').waitFor();
      await get('empty').getByRole('button', { name: /Create your first app/ }).click();
      await get('create-dialog').waitFor();
      await page.keyboard.press('Escape');
    }));

  test('9.1: name, port, status, uptime, memory, CPU, grouped by category', async () => {
    const app = await berth.online('amber otter', 'demos');
    const other = await berth.online('quiet heron');
    await dashboard(async (d, page) => {
      await d.is('live');
      const row = d.row(app, 'online');
      await row.waitFor();
      const cells = row.locator('td, th');
      const headers = await page.locator('thead th').allTextContents();
      const cell = (title) => cells.nth(headers.indexOf(title)).innerText();
      assert.equal(await cell('Name'), 'amber otter');
      assert.equal(await cell('Port'), String(app.port));
      assert.equal(await cell('Status'), 'Online');
      assert.match(await cell('Uptime'), /^\d+s$|^\d+m \d\ds$/);
      await eventually('memory of the whole tree', async () => Number((await cell('Memory')).match(/^(\d+) MB$/)?.[1]) > 40);
      assert.match(await cell('CPU'), /^\d+(\.\d)? %$/);

      const groups = await d.get('group').evaluateAll((all) => all.map((g) => [g.dataset.category, g.innerText.split('\n')[0]]));
      assert.deepEqual(groups.sort(), [['', 'No category'], ['demos', 'demos']]);
      await d.get('category-filter').click();
      await page.getByRole('menuitemradio', { name: 'demos' }).click();
      await d.gone(d.row(other));
      await d.get('category-filter').click();
      await page.getByRole('menuitemradio', { name: 'All categories' }).click();
      await page.getByRole('button', { name: 'Name', exact: true }).click();
      await page.locator('th[aria-sort=ascending]', { hasText: 'Name' }).waitFor();
      await page.getByRole('searchbox', { name: /Search apps/ }).fill(String(other.port));
      await d.gone(d.row(app));
      await d.row(other).waitFor();
    });
    await berth.delete(`/api/apps/${other.id}`);
  });

  test('9.1: a colour and a word for each of the five statuses', async () => {
    const [online, launching, errored, stopped, unknown] = await Promise.all(['on', 'late', 'err', 'stop', 'unk'].map((n) => berth.online(n)));
    writeFileSync(path.join(berth.directory(launching), 'server.cjs'), 'setInterval(() => {}, 1000)'); // never binds its port
    await berth.post(`/api/apps/${launching.id}/restart`);
    await berth.post(`/api/apps/${stopped.id}/stop`);
    await berth.ask(errored, '/exit?code=7');
    await berth.pm2('delete', `orch-${unknown.id}`);
    const wanted = [
      [online, 'online', 'Online', 'green'],
      [launching, 'launching', 'Launching', 'yellow'],
      [errored, 'errored', 'Errored', 'red'],
      [stopped, 'stopped', 'Stopped', 'gray'],
      [unknown, 'unknown', 'Unknown', 'orange'],
    ];
    await dashboard(async (d, page) => {
      for (const colorScheme of ['dark', 'light']) {
        await page.emulateMedia({ colorScheme });
        for (const [app, status, word, colour] of wanted) {
          const badge = d.row(app, status).getByTestId('status-badge');
          assert.equal(await badge.innerText(), word);
          const { hue, saturation } = await colourOf(badge);
          assert.equal(names(hue, saturation), colour, `${status} in ${colorScheme}`);
        }
      }
      assert.match(await d.row(errored).getByTestId('status-reason').innerText(), /exit/i);
      assert.match(await d.row(unknown).getByTestId('status-reason').innerText(), /no record/);
      for (const [app, status] of wanted) {
        const disabled = await d.action(app, 'open').getAttribute('aria-disabled');
        assert.equal(disabled, String(status !== 'online'), `open while ${status}`);
        assert.equal(await d.row(app).getByRole('link', { name: app.name, exact: true }).count(), status === 'online' ? 1 : 0);
      }
      // 9.2: Restart also recovers an app that pm2 lost.
      assert.match(await d.action(unknown, 'restart').getAttribute('aria-label'), /^Recover/);
      await d.action(unknown, 'restart').click();
      await d.row(unknown, 'online').waitFor();
    });
    await berth.post('/api/apps/actions', { action: 'delete', ids: wanted.map(([app]) => app.id) });
  });

  test('9.2: open, by name and by button, goes to localhost in a new tab', async () => {
    const app = await berth.online('opens');
    await dashboard(async (d) => {
      for (const target of [d.row(app).getByRole('link', { name: 'opens', exact: true }), d.action(app, 'open')]) {
        const [tab] = await Promise.all([d.context.waitForEvent('page'), target.click()]);
        await tab.waitForURL(`http://localhost:${app.port}/`);
        assert.match(await tab.locator('body').innerText(), /hello from/);
        assert.equal(await tab.evaluate(() => window.opener), null);
        await tab.close();
      }
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('9.2: stop answers at once and is done; start; restart is another process', async () => {
    const app = await berth.online('cycle');
    await dashboard(async (d) => {
      await d.is('live');
      const shown = await d.operationsShown(app);
      await d.action(app, 'stop').click();
      await d.row(app, 'stopped').waitFor();
      assert.deepEqual(await shown(), ['stopping']);
      assert.equal(await accepts(app.port), false);
      assert.equal(await d.action(app, 'stop').getAttribute('aria-disabled'), 'true');
      assert.match(await d.action(app, 'restart').getAttribute('aria-label'), /^Start/);
      await d.action(app, 'restart').click();
      await d.row(app, 'online').waitFor();
      const { pid } = await berth.app(app.id);
      await d.action(app, 'restart').click();
      await eventually('it is another process', async () => {
        const now = await berth.app(app.id);
        return now.status === 'online' && now.pid !== pid;
      });
      await d.row(app, 'online').waitFor();
      assert.deepEqual(await shown(), ['stopping', 'starting', 'restarting']);
      assert.notEqual((await berth.app(app.id)).pid, pid);
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('9.2: delete asks first, and says what is removed', async () => {
    const app = await berth.online('leaves');
    await dashboard(async (d, page) => {
      await d.action(app, 'delete').click();
      await d.get('confirm-dialog').getByText(app.id).waitFor();
      assert.match(await d.get('confirm-dialog').innerText(), new RegExp(`port ${app.port}`));
      await page.getByRole('button', { name: 'Cancel' }).click();
      await d.gone(d.get('confirm-dialog'));
      assert.equal((await berth.app(app.id)).status, 'online');
      await d.action(app, 'delete').click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      await d.gone(d.row(app));
      await d.says('Deleted “leaves”');
      assert.equal((await berth.get(`/api/apps/${app.id}`)).status, 404);
    });
  });

  test('9.2: logs of both streams, following, paused, searched, filtered, downloaded', async () => {
    const app = await berth.online('talks');
    await berth.ask(app, '/log?lines=30&text=early');
    await berth.ask(app, '/log?lines=2&text=trouble&stream=stderr');
    await dashboard(async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('early 29');
      await berth.ask(app, '/log?text=news');
      await d.logShows('news 0');
      await d.get('log-follow').click();
      await berth.ask(app, '/log?lines=3&text=while-paused');
      await d.get('log-unseen').getByText('3 new lines').waitFor();
      assert.doesNotMatch(await d.logText(), /while-paused/);
      await d.get('log-unseen').click();
      await d.logShows('while-paused 2');
      await page.getByRole('searchbox', { name: 'Search in the log' }).fill('early');
      await d.get('log-matches').getByText('30/30').waitFor();
      await page.getByRole('button', { name: 'stderr' }).click();
      const text = await d.logShows('trouble 1');
      assert.doesNotMatch(text, /early/);
      await d.get('log-download').click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Whole stdout' }).click()]);
      assert.match(readFileSync(await download.path(), 'utf8'), /early 0[^]*while-paused 2/);
      await page.getByRole('button', { name: 'Close the logs' }).click();
      await d.gone(d.get('log-panel'));
    });
    await berth.delete(`/api/apps/${app.id}`);
  });
});
