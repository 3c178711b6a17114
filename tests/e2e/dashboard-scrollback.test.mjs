// The log panel with as many lines as it keeps: all of them can be reached, searched and counted, on a telephone too, and a lost
// socket leaves no gap in them. How smooth that is, benchmarks/dashboard_scrollback.mjs tells.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

describe('a full scrollback', { timeout: 240_000 }, () => {
  let berth, browser, app;
  before(async () => {
    [berth, browser] = await Promise.all([Berth.start(), launch()]);
    app = await berth.online('writes');
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });

  const matches = async (d, page, query, words) => {
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill(query);
    await d.get('log-matches').getByText(words, { exact: true }).waitFor();
  };

  test('100,000 lines: the first can be seen, matches are counted, and the view holds its place while the window changes', () =>
    withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('starting on');
      const text = encodeURIComponent('\x1b[32mok\x1b[0m item \x1b[33m漢字\x1b[0m number');
      for (let i = 0; i < 10; i++) await berth.ask(app, `/log?lines=${i === 9 ? 9_990 : 10_000}&text=${i}${text}`);
      await berth.ask(app, '/log?text=the-end');
      await d.logShows('the-end 0');
      await matches(d, page, 'NUMBER', '99990/99990');
      await matches(d, page, '0ok', '10000/10000');
      await matches(d, page, '0ok item 漢字 number 123', '11/11');
      await d.logShows('number 1239');
      await page.keyboard.press('Shift+Enter');
      await d.get('log-matches').getByText('1/11', { exact: true }).waitFor();
      await d.logShows('number 123\n');
      await page.getByRole('searchbox', { name: 'Search in the log' }).fill('');
      await d.get('log-follow').focus();
      await page.keyboard.press('Home');
      await d.logShows('starting on');
      await page.keyboard.press('PageDown');
      const [first] = (await d.logShows('0ok item')).split('\n');
      for (const width of [1000, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await eventually('the place is held', async () => (await d.logText()).startsWith(first));
      }
      await page.keyboard.press('End');
      await d.logShows('the-end 0');
    }));

  test('at 375 px a finger scrolls it', () =>
    withDashboard(browser, berth, { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true }, async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').tap();
      await d.logShows('the-end 0');
      const client = await page.context().newCDPSession(page);
      const touch = (type, ...touchPoints) => client.send('Input.dispatchTouchEvent', { type, touchPoints });
      const rested = page.evaluate(() => new Promise((done) => document.querySelector('.log-scroll').addEventListener('scrollend', () => done(), { once: true })));
      await touch('touchStart', { x: 180, y: 300 });
      for (let y = 320; y <= 600; y += 20) await touch('touchMove', { x: 180, y });
      await touch('touchEnd');
      await rested; // A tap that stops a fling is no click.
      await eventually('it scrolled', async () => !(await d.logText()).includes('the-end 0'));
      await d.get('log-unseen').tap();
      await d.logShows('the-end 0');
    }));

  test('a lost socket leaves no gap and doubles nothing, wherever the view is', async () => {
    const open = new Set();
    let down = false;
    const prepare = (page) =>
      page.routeWebSocket(/\/api\/events$/, (socket) => {
        if (down) return void socket.close({ code: 1011 });
        socket.connectToServer();
        open.add(socket);
      });
    await withDashboard(browser, berth, { prepare }, async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('the-end 0');
      await berth.ask(app, '/log?lines=50000&text=before');
      await d.logShows('before 49999');
      await d.get('log-follow').focus();
      await page.keyboard.press('Home');
      await eventually('it is at the top', async () => !(await d.logText()).includes('before'));
      const held = await d.logText();
      down = true;
      for (const socket of open) socket.close({ code: 1011 });
      await d.is('polling');
      await berth.ask(app, '/log?lines=3000&text=meanwhile');
      down = false;
      await d.is('live');
      await berth.ask(app, '/log?lines=10&text=after');
      await d.get('log-unseen').getByText(/^3010 new lines|^3,010 new lines/).waitFor();
      assert.equal(await d.logText(), held, 'the view stayed where it was');
      await d.get('log-unseen').click();
      await d.logShows('after 9');
      await matches(d, page, 'meanwhile', '3000/3000');
      await matches(d, page, 'before', '50000/50000');
      await matches(d, page, 'after', '10/10');
    });
  });
});
