// What happened, in the dashboard: of all apps and of one, live, remembered over reloads and restarts, older things on demand.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

describe('the activity', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const dashboard = (options, body) => withDashboard(browser, berth, options, body);
  const entries = (page, kind) => page.locator(`[data-testid=activity-entry]${kind ? `[data-kind=${kind}]` : ''}`);

  test('is there, grows by itself, and survives a reload and a restart of Berth', async () => {
    const app = await berth.online('<i>tells</i> its story');
    await dashboard({ network: true }, async (d, page) => {
      await d.visit('/activity');
      await entries(page, 'created').filter({ hasText: app.name }).waitFor();
      await entries(page, 'online').filter({ hasText: app.name }).waitFor();
      assert.equal(await page.locator('main i').count(), 0);
      await berth.ask(app, '/exit?code=7');
      await entries(page, 'crashed').filter({ hasText: /code 7/ }).waitFor();
      assert.equal(await entries(page).first().getAttribute('data-kind'), 'crashed', 'the newest stands first');
      await page.reload();
      await entries(page, 'crashed').waitFor();
      await berth.kill();
      await d.is('offline');
      await berth.serve();
      await d.is('live');
      await entries(page, 'server_started').nth(1).waitFor();
      await entries(page, 'crashed').waitFor();

      await entries(page, 'crashed').getByRole('link', { name: app.name }).click();
      await d.at(`/apps/${app.id}`);
      await page.getByRole('navigation', { name: 'Of this app' }).getByRole('link', { name: 'Activity' }).click();
      await entries(page, 'crashed').waitFor();
      assert.equal(await entries(page, 'server_started').count(), 0, 'what is not its own is not here');
      await d.accessible('the activity of an app');
    });
    await dashboard({}, async (d, page) => {
      await d.is('live');
      await page.getByRole('button', { name: `Details of ${app.name}` }).click();
      await d.get('app-detail').getByText(/code 7/).last().waitFor();
    });
    await berth.delete(`/api/apps/${app.id}`);
    await dashboard({}, async (d, page) => {
      await d.visit('/activity');
      await entries(page, 'deleted').filter({ hasText: app.name }).waitFor();
      assert.equal(await page.getByRole('link', { name: app.name }).count(), 0, 'there is nothing to go to');
    });
  });

  test('what is older comes when it is asked for, and is still there after a reload, at the same place', async () => {
    const app = await berth.online('edited often');
    for (let i = 0; i < 130; i++) await berth.patch(`/api/apps/${app.id}`, { notes: `note ${i}` });
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}/activity`);
      await eventually('a page of it', async () => (await entries(page).count()) === 100);
      await page.getByRole('button', { name: 'Show older' }).click();
      await page.getByText('Nothing older is remembered.').waitFor();
      const all = await entries(page).count();
      assert.ok(all >= 132, `${all} entries`);
      await entries(page, 'created').scrollIntoViewIfNeeded();
      const top = () => d.scroll.evaluate((element) => element.scrollTop);
      const before = await eventually('it is scrolled', top);
      await page.reload();
      await d.is('live');
      await eventually('all are there', async () => (await entries(page).count()) === all);
      await eventually('and at the same place', async () => Math.abs((await top()) - before) < 2);
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Apps' }).click();
      await d.row(app).waitFor();
      await page.goBack();
      await eventually('back, too', async () => Math.abs((await top()) - before) < 2);
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('while Berth does not answer it says so, and is whole again afterwards', async () => {
    const app = await berth.online('meanwhile');
    await dashboard({ network: true }, async (d, page) => {
      await d.visit(`/apps/${app.id}/activity`);
      await entries(page, 'online').waitFor();
      await berth.kill();
      await d.is('offline');
      await entries(page, 'online').waitFor();
      await berth.serve();
      await d.is('live');
      await berth.post(`/api/apps/${app.id}/stop`);
      await entries(page, 'stopped').waitFor();
      assert.equal(await entries(page, 'stopped').count(), 1, 'each once');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });
});
