// Every view of the dashboard has an address: loaded, reloaded, gone back to and shared, it is the same view, scrolled to the same
// place; the tab says where it is and what is worst; keys go everywhere.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const count = 60;
const idOf = (i) => `address${String(i).padStart(3, '0')}`;

/** Apps that were never started, in two categories, newest first. */
function manyApps() {
  const apps = Array.from({ length: count }, (_, i) => {
    const id = idOf(i);
    const entry = { id, name: `app ${String(i).padStart(2, '0')}`, category: i % 2 ? 'demos' : null, directory: `./created-apps/${id}`, port: 20_101 + i };
    const createdAt = new Date(Date.UTC(2026, 0, 31) - i * 60_000).toISOString();
    return [id, { ...entry, createdAt, intent: 'stop', pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0 }];
  });
  return JSON.stringify({ version: '1.0.0', portRange: [20_101, 20_199], apps: Object.fromEntries(apps) });
}

describe('addresses', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start({ manifest: manyApps() }), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const dashboard = (options, body) => withDashboard(browser, berth, options, body);
  const heading = (page, name) => page.getByRole('heading', { name, level: 2, exact: true });
  const names = (page) => page.getByTestId('app-row').evaluateAll((rows) => rows.map((row) => row.dataset.appId));

  test('each can be loaded and reloaded, and is said in the title', () =>
    dashboard({}, async (d, page) => {
      const wanted = [
        ['/', 'Apps', /^Apps/],
        [`/apps/${idOf(3)}`, 'app 03', /^app 03 /],
        [`/apps/${idOf(3)}/logs`, 'app 03', /^Logs of app 03 /],
        [`/apps/${idOf(3)}/activity`, 'app 03', /^Activity of app 03 /],
        ['/activity', 'Activity', /^Activity /],
        ['/templates', 'Templates', /^Templates /],
        ['/logs', 'Logs', /^Logs /],
        [`/logs?app=${idOf(3)}`, 'Logs', /^Logs /],
        ['/apps/nothing000', 'There is no such app', /^No such app /],
        ['/apps/my%20shop', 'There is no such app', /^No such app /],
        ['/apps/100%25/logs', 'There is no such app', /^No such app /],
      ];
      for (const [address, title, tab] of wanted) {
        await d.visit(address);
        for (let i = 0; i < 2; i++) {
          await heading(page, title).waitFor();
          assert.equal(d.address(), address);
          assert.match(await page.title(), tab);
          await page.reload();
          await d.is('live');
        }
      }
    }));

  test('filters, order, grouping and the gallery are in the address; shared, it shows the same rows', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await page.getByRole('searchbox', { name: /Search apps/ }).fill('app 1');
      await d.at('/?q=app+1');
      await d.get('category-filter').click();
      await page.getByRole('menuitemradio', { name: 'demos' }).click();
      await d.at('/?q=app+1&category=demos');
      const byName = page.getByRole('table').getByRole('button', { name: 'Name', exact: true });
      await byName.click();
      await byName.click();
      await page.getByRole('button', { name: 'Group by category' }).click();
      await page.locator('[data-filter=stopped]').click();
      await d.at('/?q=app+1&status=stopped&category=demos&sort=name.down&group=none');
      const shown = await names(page);
      assert.deepEqual(shown, [19, 17, 15, 13, 11].map(idOf));
      await dashboard({}, async (other, elsewhere) => {
        await other.visit(d.address());
        assert.deepEqual(await names(elsewhere), shown);
        assert.equal(await elsewhere.getByRole('searchbox', { name: /Search apps/ }).inputValue(), 'app 1');
      });
      await d.get('gallery-switch').click();
      await d.get('gallery').waitFor();
      assert.match(d.address(), /view=gallery/);
      // Every choice is a step back; what was typed is not a step a letter.
      for (let i = 0; i < 4; i++) await page.goBack();
      await d.at('/?q=app+1&category=demos&sort=name');
      assert.deepEqual(await names(page), [11, 13, 15, 17, 19].map(idOf));
    }));

  test('back and forward find the same view, scrolled to the same place; so does a reload', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      const top = () => d.scroll.evaluate((element) => element.scrollTop);
      await d.row(idOf(40)).getByRole('link', { name: 'Page of app 40' }).scrollIntoViewIfNeeded();
      const before = await eventually('it is scrolled', top);
      await d.row(idOf(40)).getByRole('link', { name: 'Page of app 40' }).click();
      await d.at(`/apps/${idOf(40)}`);
      assert.equal(await top(), 0, 'another page begins at its top');
      await page.goBack();
      await d.row(idOf(40)).waitFor();
      await eventually('it is where it was', async () => (await top()) === before);
      await page.goForward();
      await heading(page, 'app 40').waitFor();
      await page.goBack();
      await d.row(idOf(40)).waitFor();
      await eventually('it is where it was, again', async () => (await top()) === before);
      await page.reload();
      await d.is('live');
      await eventually('after a reload too', async () => (await top()) === before);
    }));

  test('the logs below the list are in the address, and Back closes them', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      await d.row(idOf(2)).focus();
      await page.keyboard.press('l');
      await d.get('log-panel').waitFor();
      await d.at(`/?logs=${idOf(2)}`);
      await page.reload();
      await d.get('log-panel').waitFor();
      await page.goBack();
      await d.gone(d.get('log-panel'));
      await d.at('/');
    }));

  test('keys go to every page, the focus goes along, and Escape leads back to the list', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      for (const [key, address, title] of [['2', '/activity', 'Activity'], ['3', '/logs', 'Logs'], ['4', '/templates', 'Templates'], ['1', '/', 'Apps']]) {
        await page.keyboard.press(key);
        await d.at(address);
        await heading(page, title).waitFor();
        const nav = page.getByRole('navigation', { name: 'Pages' });
        assert.equal(await nav.locator('[aria-current=page]').innerText(), title);
      }
      await d.row(idOf(1)).focus();
      await page.keyboard.press('i');
      await d.at(`/apps/${idOf(1)}`);
      await eventually('the heading has the focus', async () => (await d.focused()) === 'app 01');
      await page.keyboard.press('l');
      await d.at(`/apps/${idOf(1)}/logs`);
      await page.goBack();
      await page.keyboard.press('Escape');
      await d.at('/');
    }));

  test('a link opens elsewhere as links do', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      const opened = d.context.waitForEvent('page');
      await page.getByRole('link', { name: 'Templates' }).click({ modifiers: ['ControlOrMeta'] });
      const tab = await opened;
      await tab.waitForURL(`${berth.url}/templates`);
      assert.equal(d.address(), '/');
    }));

  test('the table is as wide as its place, whatever columns there is room for', () =>
    dashboard({}, async (d, page) => {
      await d.is('live');
      for (const width of [1000, 1280, 1399, 1400, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        const rights = () => page.locator('tbody tr').evaluateAll((rows) => rows.map((row) => Math.round(row.lastElementChild.getBoundingClientRect().right)));
        const table = await page.locator('table').evaluate((one) => Math.round(one.getBoundingClientRect().right));
        assert.deepEqual([...new Set(await rights())], [table], `${width} px`);
      }
    }));

  for (const colorScheme of ['dark', 'light'])
    for (const viewport of [{ width: 1440, height: 900 }, { width: 375, height: 812 }])
      test(`axe-core finds nothing on any page, and nothing stands out: ${colorScheme}, ${viewport.width} px`, () =>
        dashboard({ colorScheme, viewport }, async (d, page) => {
          for (const [address, title] of [['/activity', 'Activity'], ['/templates', 'Templates'], ['/logs', 'Logs'], [`/apps/${idOf(3)}`, 'app 03'], [`/apps/${idOf(3)}/activity`, 'app 03'], ['/apps/nothing000', 'There is no such app'], ['/?view=gallery', 'Apps']]) {
            await d.visit(address);
            await heading(page, title).waitFor();
            await d.accessible(address);
            await d.fits(address);
          }
        }));
});

describe('the tab', { timeout: 120_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const icon = (page) => page.locator('link[rel=icon]').getAttribute('href');

  test('tells the worst, in its title and its icon, which is there', async () => {
    const app = await berth.online('falls');
    await withDashboard(browser, berth, { network: true }, async (d, page) => {
      await d.is('live');
      await d.row(app, 'online').waitFor();
      assert.equal(await page.title(), 'Apps · Berth');
      assert.equal(await icon(page), '/favicon.svg');
      await berth.ask(app, '/exit?code=3');
      await d.row(app, 'errored').waitFor();
      assert.equal(await page.title(), '(1) Apps · Berth');
      assert.equal(await icon(page), '/favicon-trouble.svg');
      assert.equal((await berth.raw('GET', await icon(page))).status, 200);
      await d.row(app).getByRole('link', { name: /^Why: / }).click();
      assert.equal(await page.title(), '(1) falls: crashed · Berth');
      await berth.kill();
      await d.is('offline');
      assert.equal(await icon(page), '/favicon-away.svg');
      await berth.serve();
      await d.is('live');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('the theme is the system’s, or the one that was chosen, also after a reload', () =>
    withDashboard(browser, berth, { colorScheme: 'light' }, async (d, page) => {
      await d.is('live');
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await background();
      assert.notEqual(light, dark);
      await d.get('settings').click();
      await page.getByRole('menuitemradio', { name: 'Light' }).click();
      assert.equal(await background(), light);
      await page.reload();
      await d.is('live');
      assert.equal(await background(), light);
      await page.emulateMedia({ colorScheme: 'light' });
      await d.get('settings').click();
      await page.getByRole('menuitemradio', { name: 'Dark' }).click();
      assert.equal(await background(), dark);
    }));

  test('the first visit says what Berth is, and offers to create, adopt and use a template', () =>
    withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await d.get('empty').getByText('Berth runs Next.js projects').waitFor();
      for (const [button, origin] of [[/Create your first app/, 'New'], [/Adopt a folder/, 'Folder'], [/Use a template/, 'Template']]) {
        await d.get('empty').getByRole('button', { name: button }).click();
        assert.equal(await d.get('create-dialog').getByRole('radio', { name: origin, exact: true }).isChecked(), true);
        await page.keyboard.press('Escape');
        await d.gone(d.get('create-dialog'));
      }
    }));

  test('who has no keyboard is told of no key on the first visit', () =>
    withDashboard(browser, berth, { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true }, async (d, page) => {
      await d.get('empty').getByRole('button', { name: 'Create your first app', exact: true }).waitFor();
      assert.equal(await page.locator('kbd:visible').count(), 0);
      await d.fits('the first visit');
      await d.accessible('the first visit');
    }));
});
