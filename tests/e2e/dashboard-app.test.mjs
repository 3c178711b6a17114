// The page of one app: why it is as it is, what is known of it, and what can be done with it. Its apps tell of their page as Next
// does (support/page-app.mjs).
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const scaffold = `${process.execPath} ${fileURLToPath(new URL('support/page-app.mjs', import.meta.url))}`;
const good = 'export default function Page() {\n  return <p>well</p>;\n}\n';
const bad = 'export default function Page() {\n  return <<<img src=x onerror=alert(1)>;\n}\n';

/**
 * Stands in for the browser's notifications, which Chromium without a window refuses; and for what it does with a page that is long in
 * the background, once `__asleep` is set: no frames, and timers once a minute.
 */
function recordNotifications(page) {
  return page.addInitScript(() => {
    const { requestAnimationFrame: frame, setTimeout: later } = window;
    window.requestAnimationFrame = (task) => (window.__asleep ? 0 : frame.call(window, task));
    window.setTimeout = (task, ms = 0, ...rest) => later.call(window, task, window.__asleep ? Math.max(ms, 60_000) : ms, ...rest);
    window.__asked = 0;
    window.__notified = [];
    let permission = 'default';
    window.Notification = class {
      static get permission() {
        return permission;
      }
      static requestPermission() {
        window.__asked++;
        permission = 'granted';
        return Promise.resolve(permission);
      }
      constructor(title, { body }) {
        window.__notified.push(`${title}: ${body}`);
      }
    };
  });
}

describe('the page of an app', { timeout: 280_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start({ scaffold }), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });
  const dashboard = (options, body) => withDashboard(browser, berth, options, body);
  const write = (app, text) => writeFileSync(path.join(berth.directory(app), 'src/app/page.tsx'), text);
  const mode = (app, name) => writeFileSync(path.join(berth.directory(app), 'mode'), name);
  /** A page of it is asked for; the connection is gone a moment later. */
  const opens = (app) =>
    new Promise((resolve, reject) =>
      http
        .get({ host: '127.0.0.1', port: app.port, path: '/', agent: false }, (response) => response.resume().on('end', resolve))
        .on('error', reject),
    );
  const remove = (app) => berth.delete(`/api/apps/${app.id}`);
  const page404 = { network: true };

  test('a page that breaks is as visible as a crash, with file, line and frame as text; mended, it is well', async () => {
    const other = await berth.online('fine');
    const app = await berth.online('breaks');
    await opens(app);
    await dashboard({}, async (d, page) => {
      await d.is('live');
      await d.row(app, 'online').waitFor();
      write(app, bad);
      await berth.post(`/api/apps/${app.id}/check`);
      const row = d.row(app).and(page.locator('[data-page=broken]'));
      await row.waitFor();
      assert.equal(await row.getByTestId('status-reason').innerText(), 'Page broken: src/app/page.tsx:2 Expression expected');
      assert.equal(await row.getByTestId('status-badge').innerText(), 'Online, broken');
      assert.equal(await d.get('app-row').first().getAttribute('data-app-id'), app.id, 'it comes first');
      await page.locator('[data-filter=broken]').click();
      await d.gone(d.row(other));
      await page.goBack();

      await row.getByRole('link', { name: /^Why: Page broken/ }).click();
      await d.at(`/apps/${app.id}`);
      await d.get('page-badge').getByText('Page broken').waitFor();
      const why = d.get('why');
      await why.getByText('src/app/page.tsx:2:10').waitFor();
      await why.getByText('Expression expected').first().waitFor();
      await why.locator('pre', { hasText: '> 2 |   return <<<img src=x onerror=alert(1)>;' }).waitFor();
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(await page.title(), '(1) breaks: page broken · Berth');
      await d.accessible('a broken page');

      write(app, good);
      await page.getByRole('button', { name: 'Check now' }).click();
      await d.says('The pages of “breaks” work');
      await d.get('page-badge').getByText('Page works').waitFor();
      await d.gone(why.locator('pre', { hasText: '<<<' }));
      assert.equal(await page.title(), 'breaks · Berth');
    });
    await remove(app);
    await remove(other);
  });

  test('a crash is told with its last words, and what to do', async () => {
    const app = await berth.online('crashes');
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      await page.getByRole('button', { name: 'Restart' }).waitFor();
      mode(app, 'crash');
      await page.getByRole('button', { name: 'Restart' }).click();
      await page.locator('[data-testid=app-page][data-status=errored]').waitFor();
      await d.get('last-words').getByText("Error: Cannot find module './missing'").waitFor();
      assert.doesNotMatch(await d.get('last-words').innerText(), /\x1b|\[31m/);
      assert.match(await d.get('hints').innerText(), /^[^`]+$/);
      await d.accessible('a crash');
      mode(app, '');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.locator('[data-testid=app-page][data-status=online]').waitFor();
      await d.gone(d.get('last-words'));
    });
    await remove(app);
  });

  test('notes are edited where they stand, are text, and follow what others write', async () => {
    const app = await berth.online('noted');
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      const edit = d.get('edit-notes');
      await edit.click();
      const box = page.getByRole('textbox', { name: 'Notes' });
      await box.fill('one <b>bold</b> line\nand another');
      await page.keyboard.press('Control+Enter');
      await d.get('notes').getByText('one <b>bold</b> line').waitFor();
      assert.equal((await berth.app(app.id)).notes, 'one <b>bold</b> line\nand another');
      await eventually('the focus is back', async () => (await page.evaluate(() => document.activeElement.dataset.testid)) === 'edit-notes');
      await edit.click();
      await box.fill('never kept');
      await page.keyboard.press('Escape');
      await d.gone(box);
      assert.match((await berth.app(app.id)).notes, /^one /);
      await berth.patch(`/api/apps/${app.id}`, { notes: 'from elsewhere' });
      await d.get('notes').getByText('from elsewhere').waitFor();
      await edit.click();
      await box.fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await d.get('notes').getByText('Nothing is noted').waitFor();
      assert.equal((await berth.app(app.id)).notes, null);
    });
    await remove(app);
  });

  test('its address and folder can be copied; the editor is asked for once', async () => {
    const app = await berth.online('edited');
    await opens(app);
    await dashboard({ permissions: ['clipboard-read', 'clipboard-write'] }, async (d, page) => {
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await d.visit(`/apps/${app.id}`);
      await page.getByRole('button', { name: 'Copy the address' }).click();
      await eventually('the address is copied', async () => (await copied()) === `http://localhost:${app.port}`);
      const byName = `http://edited.localhost:${berth.port}`;
      assert.equal(await page.getByRole('link', { name: byName }).getAttribute('href'), byName);
      await page.getByRole('button', { name: 'Copy its address by name' }).click();
      await eventually('the address by name is copied', async () => (await copied()) === byName);
      await page.getByText(berth.directory(app), { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Copy the folder' }).click();
      await eventually('the folder is copied', async () => (await copied()) === berth.directory(app));
      assert.equal(await d.get('listens').innerText(), `port ${app.port} of this machine only`);

      await page.getByRole('button', { name: 'Open in the editor…' }).click();
      await page.getByRole('menuitem', { name: 'Cursor' }).click();
      const link = page.getByRole('link', { name: 'Open in Cursor' });
      assert.equal(await link.getAttribute('href'), `cursor://file${berth.directory(app)}`);
      await page.reload();
      await link.waitFor();
      write(app, bad);
      await page.getByRole('button', { name: 'Check now' }).click();
      const place = d.get('page-issue').getByRole('link');
      await place.waitFor();
      assert.equal(await place.getAttribute('href'), `cursor://file${berth.directory(app)}/src/app/page.tsx:2:10`);
    });
    await remove(app);
  });

  test('stop, start and delete; afterwards it says that there is no such app, and what it did', async () => {
    const app = await berth.online('goes');
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      await d.get('hints').locator('code', { hasText: `berth check ${app.id}` }).waitFor();
      assert.equal((await d.get('why').innerText()).match(/Nobody has opened a page of it/g).length, 1, 'said once');
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator('[data-testid=app-page][data-status=stopped]').waitFor();
      assert.equal(await d.get('page-badge').count(), 0, 'nothing is said of pages that nobody serves');
      await page.getByRole('button', { name: 'Start' }).click();
      await page.locator('[data-testid=app-page][data-status=online]').waitFor();
      const [tab] = await Promise.all([d.context.waitForEvent('page'), page.getByRole('link', { name: 'Open', exact: true }).click()]);
      await tab.waitForURL(`http://localhost:${app.port}/`);
      await tab.close();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      await d.get('nothing-here').getByText('There is no such app').waitFor();
      await page.locator('[data-testid=activity-entry][data-kind=created]').waitFor();
      await page.getByRole('link', { name: 'To the apps' }).click();
      await d.at('/');
    });
  });

  test('its graphs are there at once, of the time before the page was opened', async () => {
    const app = await berth.online('remembered');
    const samples = async () => (await berth.get(`/api/apps/${app.id}/history`)).body.at;
    await eventually('the server remembers 20 s', async () => {
      const at = await samples();
      return at.length > 1 && at.at(-1) - at[0] >= 20_000;
    }, 60);
    await dashboard({}, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      const seconds = async () => {
        const label = await page.getByRole('img', { name: /^Memory: now \d+ MB/ }).getAttribute('aria-label');
        return Number(label.match(/peak \d+ MB in the last (\d+)s$/)?.[1]);
      };
      await eventually('the graph reaches back', async () => (await seconds()) >= 20);
      assert.doesNotMatch(await page.locator('figure').first().innerText(), /not running|nothing recorded/);
    });
    await remove(app);
  });

  test('the last time under a graph stands there whole', async () => {
    const app = await berth.online('timed');
    const hour = new Date().setMinutes(0, 20, 0); // every full hour has its label: this one is at the graph's very end
    for (const width of [1440, 375])
      await dashboard({ viewport: { width, height: 900 }, prepare: (page) => page.clock.setFixedTime(hour) }, async (d, page) => {
        await d.visit(`/apps/${app.id}`);
        /** Of each graph's times: whether there are any, and whether anything is drawn at the edge, where it would be cut. */
        const drawn = () =>
          page.locator('figure canvas').evaluateAll((all) =>
            all.map((canvas) => {
              const [strip, edge] = [20, 3].map((pixels) => pixels * devicePixelRatio);
              const inked = (x, wide) => canvas.getContext('2d').getImageData(x, canvas.height - strip, wide, strip).data.some((value) => value > 0);
              return [inked(0, canvas.width), inked(canvas.width - edge, edge)];
            }),
          );
        await eventually('both graphs have times', async () => (await drawn()).filter(([any]) => any).length === 2);
        assert.deepEqual(await drawn(), [[true, false], [true, false]], `${width} px`);
      });
    await remove(app);
  });

  test('the gallery shows who was opened since it started, inert, and starts nothing', async () => {
    const seen = await berth.online('seen');
    const unseen = await berth.online('unseen');
    await dashboard({}, async (d, page) => {
      await d.visit('/?view=gallery');
      await d.row(seen).getByText('Nobody opened it since it started').waitFor();
      const tab = await d.context.newPage();
      await tab.goto(`http://localhost:${seen.port}/`);
      await eventually('it was seen to be opened', async () => {
        const { lastOpenedAt, startedAt } = await berth.app(seen.id);
        return lastOpenedAt > startedAt;
      });
      await tab.close();
      const frame = d.row(seen).getByTestId('preview');
      await frame.contentFrame().getByText('a page').waitFor();
      assert.equal(await frame.getAttribute('sandbox'), 'allow-scripts allow-same-origin');
      await d.row(unseen).getByText('Nobody opened it since it started').waitFor();
      assert.equal(await d.get('preview').count(), 1);
      // Neither the keyboard nor a click gets into it.
      for (let i = 0; i < 40; i++) {
        await page.keyboard.press('Tab');
        assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'IFRAME');
      }
      const { x, y } = await frame.boundingBox();
      await page.mouse.click(x + 40, y + 40);
      assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'IFRAME');
      await d.accessible('the gallery');
      await berth.post(`/api/apps/${seen.id}/stop`);
      await d.row(seen, 'stopped').waitFor();
      assert.equal(await d.get('preview').count(), 0);
    });
    const log = readFileSync(path.join(berth.root, `logs/orch-${unseen.id}-out.log`), 'utf8');
    assert.doesNotMatch(log, /GET \//, 'nobody asked the other for a page');
    assert.equal((await berth.app(unseen.id)).lastOpenedAt, null);
    await remove(seen);
    await remove(unseen);
  });

  test('notifications come when they are wanted, in the background, of what is worth it', async () => {
    const app = await berth.online('tells');
    const hide = (page, hidden) =>
      page.evaluate((value) => Object.defineProperty(document, 'hidden', { configurable: true, get: () => value }), hidden);
    await dashboard({ prepare: recordNotifications }, async (d, page) => {
      await d.is('live');
      await d.row(app, 'online').waitFor();
      await hide(page, true);
      const notified = () => page.evaluate(() => window.__notified);
      assert.equal(await page.evaluate(() => window.__asked), 0, 'nobody is asked on a visit');
      await d.get('settings').click();
      await page.getByRole('menuitem', { name: 'Notify me…' }).click();
      await d.says('Notifications are on');
      assert.equal(await page.evaluate(() => window.__asked), 1);
      await page.evaluate(() => (window.__asleep = true));
      mode(app, 'crash');
      await berth.post(`/api/apps/${app.id}/restart`);
      await eventually('its crash is told', async () => /^tells crashed: It /.test((await notified()).join('\n')), 20);
      await page.evaluate(() => (window.__asleep = false));
      mode(app, '');
      await berth.post(`/api/apps/${app.id}/restart`);
      await d.row(app, 'online').waitFor();
      const made = await berth.online('fresh');
      await eventually('its create is told', async () => (await notified()).some((one) => one.startsWith('fresh is created')));
      await hide(page, false);
      const before = (await notified()).length;
      mode(made, 'crash');
      await berth.post(`/api/apps/${made.id}/restart`);
      await d.row(made, 'errored').waitFor();
      assert.equal((await notified()).length, before, 'who looks at it needs no notification');
      await remove(made);
    });
    await remove(app);
  });

  test('at 375 px everything is there, and can be touched', async () => {
    const app = await berth.online('narrow');
    await opens(app);
    write(app, bad);
    await berth.post(`/api/apps/${app.id}/check`);
    await dashboard({ ...page404, viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true }, async (d, page) => {
      await d.visit(`/apps/${app.id}`);
      await d.get('page-issue').waitFor();
      await d.fits('the page of an app');
      await d.accessible('narrow');
      for (const name of ['Activity', 'Logs', 'Overview']) {
        await page.getByRole('navigation', { name: 'Of this app' }).getByRole('link', { name }).tap();
        await d.fits(name);
      }
      for (const link of await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all())
        assert.ok((await link.boundingBox()).height >= 44);
    });
    await remove(app);
  });
});
