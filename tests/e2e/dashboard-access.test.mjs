// The dashboard without a mouse, and on a telephone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

describe('for everybody', { timeout: 240_000 }, () => {
  let berth, browser, first, second;
  before(async () => {
    [berth, browser] = await Promise.all([Berth.start(), launch()]);
    first = await berth.online('amber otter', 'demos');
    second = await berth.online('quiet heron');
    await berth.ask(first, '/exit?code=3');
    await berth.reaches(first.id, 'errored');
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });

  const dashboard = (options, body) => withDashboard(browser, berth, options, body);

  test('keyboard only: create, search, palette, help, start, logs, stop, open, delete', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      const press = (key) => page.keyboard.press(key);
      const type = (text) => page.keyboard.type(text);
      const current = async (app) => {
        await eventually(`the focus is on ${app.name}`, () => page.evaluate((id) => document.activeElement.dataset.appId === id, app.id));
      };

      await press('c');
      await d.get('create-dialog').waitFor();
      await type('by hand');
      await press('Tab');
      await type('demos');
      await press('Enter');
      await d.rowNamed('by hand').and(page.locator('[data-status=online]')).waitFor();
      await d.gone(d.get('create-progress'));
      const app = (await berth.get('/api/apps')).body.find((one) => one.name === 'by hand');

      await press('/');
      await type('by hand');
      await d.gone(d.row(second));
      await press('Escape');
      await d.row(second).waitFor();

      await press('?');
      await d.get('help-dialog').waitFor();
      await press('Escape');
      await d.gone(d.get('help-dialog'));

      await press('Control+k');
      await d.get('palette').waitFor();
      await type('amber');
      await d.get('palette').locator('[data-selected=true]', { hasText: 'amber otter' }).waitFor();
      await press('Enter');
      await type('start');
      await d.get('palette').locator('[data-selected=true]', { hasText: 'Start' }).waitFor();
      await press('Enter');
      await d.row(first, 'online').waitFor();
      await d.gone(d.get('palette'));

      for (let i = 0; i < 4 && (await page.evaluate(() => document.activeElement.dataset.appId)) !== app.id; i++) await press('j');
      await current(app);
      await press('l');
      await d.logShows('starting on');
      await press('f');
      await type('starting');
      await d.get('log-matches').getByText('1/1').waitFor();
      await press('Escape');
      await press('Escape');
      await d.gone(d.get('log-panel'));
      await current(app);
      await press('s');
      await d.row(app, 'stopped').waitFor();
      await press('r');
      await d.row(app, 'online').waitFor();
      const [tab] = await Promise.all([d.context.waitForEvent('page'), press('Enter')]);
      await tab.waitForURL(`http://localhost:${app.port}/`);
      await tab.close();
      await press('ArrowRight');
      await d.get('app-detail').waitFor();
      await press('ArrowLeft');
      await d.gone(d.get('app-detail'));
      await press('x');
      await d.get('confirm-dialog').waitFor();
      assert.equal(await d.focused(), 'Cancel', 'Enter alone deletes nothing');
      await press('Tab');
      assert.equal(await d.focused(), 'Delete app');
      await press('Enter');
      await d.gone(d.row(app));
    }));

  test('Tab reaches every control of a row, and leaves the log view again', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await d.action(second, 'logs').click();
      await d.logShows('starting on');
      const seen = new Set();
      for (let i = 0; i < 120 && !seen.has('the end'); i++) {
        await page.keyboard.press('Tab');
        const on = await page.evaluate(() => {
          const { activeElement: element } = document;
          const id = element.dataset.action ?? element.dataset.testid ?? element.getAttribute('aria-label');
          return element.closest('[data-testid=log-panel]') ? `log: ${id}` : id;
        });
        if (on === 'create' && seen.has('create')) seen.add('the end');
        seen.add(on);
      }
      const wanted = ['create', 'open', 'logs', 'restart', 'stop', 'delete', 'category-filter', 'all-actions', 'log: log-follow', 'log: log-download'];
      for (const one of [...wanted, 'log: Close the logs', 'the end']) assert.ok(seen.has(one), `${one} is not among ${[...seen].join(', ')}`);
    }));

  test('at 375 px nothing stands out, everything can be touched', () =>
    dashboard({ viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true }, async (d, page) => {
      await d.is('live');
      await d.fits('the list');
      for (const key of ['open', 'logs', 'restart', 'stop', 'delete']) {
        const button = d.action(second, key);
        await button.scrollIntoViewIfNeeded();
        const { x, width, height } = await button.boundingBox();
        assert.ok(x >= 0 && x + width <= 375, `${key} is in sight`);
        assert.ok(width >= 44 && height >= 44, `${key} is ${width} by ${height}`);
      }
      await d.get('create').tap();
      await d.get('create-dialog').waitFor();
      await d.fits('the create dialog');
      await page.getByRole('button', { name: 'Cancel' }).tap();
      await d.action(second, 'delete').tap();
      await d.fits('the delete dialog');
      await page.getByRole('button', { name: 'Cancel' }).tap();
      await d.gone(d.get('confirm-dialog'));
      await d.action(second, 'logs').tap();
      await d.logShows('starting on');
      await d.fits('the logs');
      await page.getByRole('button', { name: 'Close the logs' }).tap();
      await d.gone(d.get('log-panel'));
      await d.action(second, 'stop').tap();
      await d.row(second, 'stopped').waitFor();
      await d.action(second, 'restart').tap();
      await d.row(second, 'online').waitFor();
    }));
});
