// Apps that sleep, as the dashboard shows them and lets them be put to sleep and woken. Its apps are support/page-app.mjs.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const scaffold = `${process.execPath} ${fileURLToPath(new URL('support/page-app.mjs', import.meta.url))}`;
const screens = ['dark', 'light'].flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 1440, height: 900 } },
  { colorScheme, viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true },
]);

describe('sleep', { timeout: 280_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start({ scaffold }), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const dashboard = (options, body) => withDashboard(browser, berth, options, body);
  const remove = (...apps) => Promise.all(apps.map((app) => berth.delete(`/api/apps/${app.id}`)));
  const put = async (app) => {
    const { status, body } = await berth.post(`/api/apps/${app.id}/sleep`);
    assert.deepEqual([status, body.asleep], [200, true], JSON.stringify(body));
  };
  const asleep = async (app) => (await berth.app(app.id)).asleep;
  const sleeper = (d, app) => d.row(app, 'stopped').and(d.page.locator('[data-asleep]'));
  const focused = (page) => page.evaluate(() => document.activeElement.dataset.action);

  test('an app is put to sleep and woken from its row; asleep it has a look of its own, and is no trouble', async () => {
    const app = await berth.online('otter');
    const stopped = await berth.online('stork');
    await berth.post(`/api/apps/${stopped.id}/stop`);
    await dashboard({}, async (d, page) => {
      await d.is('live');
      await d.row(app, 'online').waitFor();
      const shown = await d.operationsShown(app);
      await d.action(app, 'sleep').click();
      await sleeper(d, app).waitFor();
      assert.equal(await d.row(app).getByTestId('status-badge').innerText(), 'Asleep');
      assert.match(await d.row(app).getByTestId('status-reason').innerText(), /^Asleep since \d\d:\d\d: .*It wakes when it is opened\.$/);
      assert.equal(await page.title(), 'Apps · Berth');
      assert.equal(await page.locator('link[rel=icon]').getAttribute('href'), '/favicon.svg');
      assert.match(await d.get('totals').innerText(), /Asleep\s+1\b/);

      const link = d.row(app).getByRole('link', { name: 'otter', exact: true });
      assert.equal(await link.getAttribute('href'), `http://localhost:${app.port}`);
      assert.match(await link.getAttribute('title'), /It wakes when it is opened\.$/);
      assert.equal(await d.action(app, 'open').getAttribute('aria-disabled'), 'false');
      await d.action(app, 'open').hover();
      await page.getByRole('tooltip').getByText(/^Open\. Asleep since/).waitFor();

      await page.locator('[data-filter=asleep]').click();
      await d.gone(d.row(stopped));
      await d.at('/?status=asleep');
      await page.locator('[data-filter=stopped]').click();
      await d.gone(d.row(app));
      await d.row(stopped).waitFor();
      await page.locator('[data-filter=stopped]').click();

      await d.action(app, 'wake').focus();
      await page.keyboard.press('Enter');
      await d.row(app, 'online').waitFor();
      assert.equal(await focused(page), 'restart', 'the focus stays where it was');
      assert.equal(await d.row(app).and(page.locator('[data-asleep]')).count(), 0);
      assert.deepEqual(await shown(), ['sleeping']); // of the row that stood there before the filter
    });
    await remove(app, stopped);
  });

  test('opening it wakes it; what happened is told', async () => {
    const app = await berth.online('heron');
    await put(app);
    await dashboard({}, async (d, page) => {
      await d.is('live');
      await sleeper(d, app).waitFor();
      const shown = await d.operationsShown(app);
      const link = d.row(app).getByRole('link', { name: 'heron', exact: true });
      const [tab] = await Promise.all([d.context.waitForEvent('page'), link.click()]);
      await tab.getByText('a page').waitFor();
      await tab.close();
      await d.row(app, 'online').waitFor();
      assert.deepEqual(await shown(), ['waking']);
      await d.visit(`/apps/${app.id}/activity`);
      for (const kind of ['slept', 'woke']) await page.locator(`[data-testid=activity-entry][data-kind=${kind}]`).waitFor();
      assert.match(await page.locator('[data-kind=slept]').innerText(), /Asleep since|put it to sleep/);
    });
    await remove(app);
  });

  test('its page says that it sleeps and what it listens on, and has a switch that keeps it awake', async () => {
    const app = await berth.online('badger');
    await put(app);
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      await page.locator('[data-testid=app-page][data-asleep]').waitFor();
      await d.get('why').getByText(/^Asleep since .* It wakes when it is opened\.$/).waitFor();
      await eventually('the title says so', async () => (await page.title()) === 'badger: asleep · Berth');
      await page.getByRole('img', { name: /^Memory: now asleep; / }).waitFor();
      assert.equal(await page.getByText('not running').count(), 0);
      assert.equal(await d.get('listens').innerText(), 'nothing: it sleeps');
      const open = page.locator('a[data-action=open]');
      assert.equal(await open.getAttribute('href'), `http://localhost:${app.port}`);
      assert.match(await open.getAttribute('title'), /It wakes when it is opened\.$/);

      const keep = page.getByRole('switch', { name: 'Keep awake' });
      assert.equal(await keep.getAttribute('aria-checked'), 'false');
      await page.getByText('It is put to sleep when nobody had it open for 1 h').waitFor();
      await keep.focus();
      await page.keyboard.press('Space');
      await page.getByText('It sleeps only when somebody puts it to sleep.').waitFor();
      assert.equal(await keep.getAttribute('aria-checked'), 'true');
      assert.equal((await berth.app(app.id)).keepAwake, true);
      await berth.patch(`/api/apps/${app.id}`, { keepAwake: false });
      await page.locator('[data-testid=keep-awake][aria-checked=false]').waitFor();

      const is = (more) => page.locator(`[data-testid=app-page]${more}`).waitFor();
      await page.keyboard.press('z');
      await is('[data-status=online]:not([data-asleep])');
      await page.locator('[data-action=restart]').waitFor();
      await page.keyboard.press('z');
      await is('[data-asleep]');
      await page.locator('[data-action=stop]').click();
      await is('[data-status=stopped]:not([data-asleep])');
      assert.equal((await berth.app(app.id)).intent, 'stop');
    });
    await remove(app);
  });

  test('many at once: of a category but those kept awake, of the selection, and of all as they were shown', async () => {
    const [a, b, kept, other] = await Promise.all([berth.online('a', 'demos'), berth.online('b', 'demos'), berth.online('kept', 'demos'), berth.online('other')]);
    await berth.patch(`/api/apps/${kept.id}`, { keepAwake: true });
    await dashboard({}, async (d, page) => {
      await d.is('live');
      const ofDemos = async (item) => {
        await page.getByRole('button', { name: 'Actions for all in demos' }).click();
        await page.getByRole('menuitem', { name: item }).click();
      };
      await ofDemos('Put all to sleep');
      await d.says('2 apps put to sleep');
      for (const app of [a, b]) await sleeper(d, app).waitFor();
      for (const app of [kept, other]) assert.equal(await asleep(app), false);
      await ofDemos('Wake all that sleep');
      await d.says('2 apps woken');
      for (const app of [a, b]) await d.row(app, 'online').waitFor();

      await page.getByRole('checkbox', { name: 'Select kept' }).click();
      await d.get('bulk-bar').getByRole('button', { name: 'Sleep' }).click();
      await sleeper(d, kept).waitFor();
      await page.getByRole('checkbox', { name: 'Select kept' }).click();
      await d.get('bulk-bar').getByRole('button', { name: 'Wake' }).click();
      await d.row(kept, 'online').waitFor();

      await d.get('all-actions').click();
      await page.getByRole('menuitem', { name: 'Put all to sleep…' }).click();
      const dialog = d.get('confirm-dialog');
      for (const name of ['a', 'b', 'other']) await dialog.getByText(name, { exact: true }).waitFor();
      assert.equal(await dialog.getByText('kept', { exact: true }).count(), 0);
      const late = await berth.online('late');
      await dialog.getByRole('button', { name: 'Put 3 apps to sleep' }).click();
      for (const app of [a, b, other]) await sleeper(d, app).waitFor();
      for (const app of [kept, late]) assert.equal(await asleep(app), false, 'it was not among those shown');

      await page.keyboard.press('Control+k');
      await d.get('palette').getByRole('combobox').fill('wake all in demos');
      await page.keyboard.press('Enter');
      for (const app of [a, b]) await d.row(app, 'online').waitFor();
      assert.equal(await asleep(other), true);
      await remove(late);
    });
    await remove(a, b, kept, other);
  });

  test('the gallery shows that it sleeps, and never loads a frame of it', async () => {
    const app = await berth.online('seen');
    await dashboard({}, async (d, page) => {
      const tab = await d.context.newPage();
      await tab.goto(`http://localhost:${app.port}/`);
      await eventually('it was seen to be opened', async () => (await berth.app(app.id)).lastOpenedAt !== null);
      await tab.close();
      await d.visit('/?view=gallery');
      await d.row(app).getByTestId('preview').contentFrame().getByText('a page').waitFor();
      await put(app);
      const asked = [];
      page.on('request', (request) => new URL(request.url()).port === String(app.port) && asked.push(request.url()));
      await d.row(app).getByText('It sleeps', { exact: true }).waitFor();
      assert.equal(await d.get('preview').count(), 0);
      await d.visit('/?view=gallery');
      await d.row(app).getByText('It sleeps', { exact: true }).waitFor();
      assert.equal(await d.get('preview').count(), 0);
      assert.deepEqual(asked, []);
      assert.equal(await asleep(app), true);
    });
    await remove(app);
  });

  test('axe-core finds nothing, and nothing stands out', async () => {
    const app = await berth.online('sleeps', 'demos');
    const awake = await berth.online('wakes', 'demos');
    await put(app);
    for (const screen of screens)
      await dashboard(screen, async (d, page) => {
        const where = (what) => `${what}, ${screen.colorScheme}, ${screen.viewport.width} px`;
        await d.is('live');
        await sleeper(d, app).waitFor();
        for (const name of ['sleeps', 'wakes']) await page.getByRole('checkbox', { name: `Select ${name}` }).click();
        await d.get('bulk-bar').getByRole('button', { name: 'Wake' }).waitFor();
        const bar = await d.get('bulk-bar').boundingBox();
        assert.ok(bar.x >= 0 && bar.x + bar.width <= screen.viewport.width, where(`the bar: ${JSON.stringify(bar)}`));
        await d.accessible(where('the list'));
        await d.fits(where('the list'));
        if (screen.hasTouch) {
          const button = d.action(awake, 'sleep');
          const { x, width, height } = await button.boundingBox();
          assert.ok(x >= 0 && x + width <= 375 && width >= 44 && height >= 44, where(`sleep is ${width} by ${height} at ${x}`));
        }
        await page.getByRole('button', { name: 'Actions for all in demos' }).click();
        await page.getByRole('menu').waitFor();
        await d.accessible(where('the menu of a category'));
        await page.keyboard.press('Escape');
        for (const address of [`/apps/${app.id}`, '/?view=gallery']) {
          await d.visit(address);
          await page.locator('[data-asleep]').first().waitFor();
          await d.accessible(where(address));
          await d.fits(where(address));
        }
      });
    await remove(app, awake);
  });
});
