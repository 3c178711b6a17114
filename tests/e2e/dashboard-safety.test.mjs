// What apps and people write is only text on the page; and the page's first load is small, and holds still.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readFileSync } from 'node:fs';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const hex = (text) => Buffer.from(text).toString('hex');

describe('safe and light', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });

  test('names and categories shaped like HTML are text, and a name written from the right turns nothing around it', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const category = '"><script>alert(2)</script>';
    const app = await berth.online(name, category);
    const turned = await berth.online('שלום 1.2');
    await withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await d.row(app).getByRole('link', { name, exact: true }).waitFor();
      assert.equal(await d.row(turned).locator('bdi').first().evaluate((e) => getComputedStyle(e).unicodeBidi), 'isolate');
      await page.locator('[data-testid=group]', { hasText: category }).waitFor();
      await d.action(app, 'delete').click();
      await d.get('confirm-dialog').getByText(name).waitFor();
      await page.keyboard.press('Escape');
      await d.gone(d.get('confirm-dialog'));
      await page.keyboard.press('Control+k');
      await d.get('palette').getByText(name).waitFor();
      await page.keyboard.press('Escape');
      await d.gone(d.get('palette'));
      await d.action(app, 'logs').click();
      await d.get('log-panel').getByText(name).first().waitFor();
      await page.getByRole('button', { name: 'Close the logs' }).click();
      await d.action(app, 'delete').click();
      await page.getByRole('button', { name: 'Delete app' }).click();
      await d.says(name);
      assert.equal(await page.locator('img, main script, [onerror]').count(), 0);
    });
    await berth.delete(`/api/apps/${turned.id}`);
  });

  test('log lines with HTML and escape codes are text and colours, nothing more', async () => {
    const app = await berth.online('shouts');
    const attacks = [
      'kept line\n',
      '<script>alert(3)</script> <b>bold</b>\n',
      '\x1b[31mred\x1b[0m plain\n',
      '\x1b[2J\x1b[H\x1b[3Jnot cleared\n', // clear the screen and the scrollback
      '\x1b]0;owned\x07title\n', // the window's title
      '\x1b]52;c;ZXZpbA==\x07clipboard\n', // write to the clipboard
      '\x1b]8;;javascript:alert(4)\x07link\x1b]8;;\x07 end\n', // a link
      '\x1b[6n\x1b[c\x1b[?1049hreports\n', // questions to the terminal, the other screen
      '\x1bPq#0;2;0;0;0\x1b\\picture\n',
      'last line\n',
    ];
    await berth.ask(app, `/raw?hex=${hex(attacks.join(''))}`);
    await withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      const title = await page.title();
      await d.action(app, 'logs').click();
      const text = await d.logShows('last line');
      for (const line of ['kept line', '<script>alert(3)</script> <b>bold</b>', 'red plain', 'not cleared', 'title', 'clipboard', 'link end', 'reports', 'picture'])
        assert.ok(text.split('\n').some((shown) => shown.endsWith(line)), `${line} in\n${text}`);
      assert.doesNotMatch(text, /owned|ZXZpbA|javascript|\x1b/);
      assert.equal(await page.title(), title);
      assert.equal(await page.locator('[data-testid=log-terminal] :is(a, script, b, img)').count(), 0);
      const red = d.get('log-terminal').locator('span', { hasText: /^red$/ });
      const colour = (e) => getComputedStyle(e).color;
      assert.notEqual(await red.evaluate(colour), await d.get('log-terminal').evaluate(colour), 'colours are shown');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('the first load is under 150 KB as served, and nothing moves while it arrives', async () => {
    const apps = await Promise.all(['one', 'two', 'three', 'four', 'five', 'six'].map((name, i) => berth.online(name, i % 2 ? 'demos' : undefined)));
    for (const viewport of [{ width: 1440, height: 900 }, { width: 375, height: 812 }]) {
      const loaded = [];
      const prepare = async (page) => {
        // What is fetched for later waits for an idle moment, and is no part of the first load: none comes.
        await page.addInitScript(() => (window.requestIdleCallback = () => 0));
        const client = await page.context().newCDPSession(page);
        await client.send('Network.enable');
        client.on('Network.loadingFinished', (e) => loaded.push(e.encodedDataLength));
      };
      await withDashboard(browser, berth, { prepare, viewport }, async (d, page) => {
        await d.is('live');
        await d.row(apps[0], 'online').waitFor();
        await eventually('the health is read', async () => /of 20/.test(await d.get('totals').locator('visible=true').innerText()));
        await d.rests();
        const bytes = loaded.reduce((a, b) => a + b, 0);
        const shift = await page.evaluate(() => window.__shift);
        console.log(`${viewport.width} px: ${loaded.length} answers, ${bytes} bytes with headers, layout shift ${shift.toFixed(4)}`);
        assert.ok(bytes < 150_000, `${bytes} bytes`);
        assert.ok(shift < 0.02, `layout shift ${shift}`);
      });
    }
  });

  test('what the page needs at first is under 150 KB in gzip too, and its files are kept by the browser', async () => {
    const { body } = await berth.raw('GET', '/', {});
    const files = ['/', ...[...body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1])];
    let bytes = 0;
    for (const file of files) {
      const { status, headers } = await berth.raw('GET', file, { 'accept-encoding': 'gzip' });
      assert.equal(status, 200, file);
      bytes += Number(headers['content-length']);
      assert.match(headers['cache-control'], file.startsWith('/assets/') ? /immutable/ : /no-cache/);
    }
    assert.ok(bytes < 150_000, `${bytes} bytes`);
    const dist = new URL('../../frontend/dist/index.html', import.meta.url);
    assert.equal(readFileSync(dist, 'utf8').includes('<script>'), false, 'no inline script');
  });
});
