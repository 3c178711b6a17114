// The page by itself (section 9.4 of the requirements, and the live part that Berth adds): nothing here reloads it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

/** Stands between the page and the WebSocket: `cut()` drops it and lets none through until `mend()`. */
function switchboard() {
  const open = new Set();
  const board = { down: false };
  board.prepare = (page) =>
    page.routeWebSocket(/\/api\/events$/, (socket) => {
      if (board.down) return void socket.close({ code: 1011 });
      socket.connectToServer();
      open.add(socket);
    });
  board.cut = () => {
    board.down = true;
    for (const socket of open) socket.close({ code: 1011 });
    open.clear();
  };
  board.mend = () => (board.down = false);
  return board;
}

describe('live', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });

  test('a crash, a stop from a terminal and a new app appear by themselves', async () => {
    const app = await berth.online('crashes');
    await withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await page.evaluate(() => (window.__same = true));
      await berth.ask(app, '/exit?code=7');
      await d.row(app, 'errored').waitFor();
      await d.row(app).getByTestId('status-reason').getByText(/exit/i).waitFor();
      await d.action(app, 'logs').click();
      await d.get('log-panel').getByTestId('status-reason').getByText(/exit/i).waitFor();
      await page.keyboard.press('Escape');
      await d.gone(d.get('log-panel'));
      await berth.post(`/api/apps/${app.id}/restart`);
      await d.row(app, 'online').waitFor();
      await berth.pm2('stop', `orch-${app.id}`);
      await d.row(app, 'stopped').waitFor();
      const made = await berth.create('made elsewhere');
      await d.row(made, 'online').waitFor();
      await berth.delete(`/api/apps/${made.id}`);
      await d.gone(d.row(made));
      assert.equal(await page.evaluate(() => window.__same), true, 'it is the same page');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('9.4: without the WebSocket it says so and reads every 3 s; actions and logs go on; then it is live again', async () => {
    const app = await berth.online('polled');
    const board = switchboard();
    await withDashboard(browser, berth, { prepare: board.prepare }, async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('starting on');
      board.cut();
      await d.is('polling');
      assert.match(await d.get('connection').innerText(), /every 3 s/i);
      await berth.ask(app, '/log?text=read-by-polling');
      await d.logShows('read-by-polling 0');
      await berth.pm2('stop', `orch-${app.id}`);
      await d.row(app, 'stopped').waitFor();
      await d.action(app, 'restart').click();
      await d.row(app, 'online').waitFor();
      await d.is('polling');
      board.mend();
      await d.is('live');
      await berth.ask(app, '/log?text=live-again');
      const text = await d.logShows('live-again 0');
      assert.equal(text.match(/read-by-polling 0/g).length, 1, 'no line twice');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('usable before the WebSocket is there: the list is shown, and stop works', async () => {
    const app = await berth.online('early');
    const silent = (page) => page.routeWebSocket(/\/api\/events$/, () => {}); // opens, and never says a word
    await withDashboard(browser, berth, { prepare: silent }, async (d) => {
      await d.row(app, 'online').waitFor();
      assert.notEqual(await d.get('connection').getAttribute('data-state'), 'live');
      await d.action(app, 'stop').click();
      await d.row(app, 'stopped').waitFor();
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('the server killed and back: offline, with its age; then live, with everything, and the log without a gap', async () => {
    const app = await berth.online('stays');
    await withDashboard(browser, berth, { network: true }, async (d) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('starting on');
      await berth.ask(app, '/log?lines=3&text=before');
      await d.logShows('before 2');
      await berth.kill('SIGKILL');
      await d.is('offline');
      await d.get('connection').getByText(/as of/).waitFor();
      await d.action(app, 'stop').click();
      await d.says('Could not stop “stays”');
      await berth.ask(app, '/log?lines=3&text=meanwhile');
      await berth.serve();
      await d.is('live');
      await d.row(app, 'online').waitFor();
      const text = await d.logShows('meanwhile 2');
      assert.match(text, /before 0\nbefore 1\nbefore 2\n(·[^\n]*\n)*meanwhile 0\nmeanwhile 1\nmeanwhile 2/);
      assert.equal(text.match(/before 2/g).length, 1, 'no line twice');
    });
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('stop by category touches that category only; by selection, what is selected; delete of many asks', async () => {
    const apps = await Promise.all([berth.online('a', 'demos'), berth.online('b', 'demos'), berth.online('c', 'work'), berth.online('d')]);
    const [a, b, c, d4] = apps;
    await withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await page.getByRole('button', { name: 'Actions for all in demos' }).click();
      await page.getByRole('menuitem', { name: 'Stop all in the category' }).click();
      await d.row(a, 'stopped').waitFor();
      await d.row(b, 'stopped').waitFor();
      await d.says('2 apps stopped');
      await d.row(c, 'online').waitFor();
      await page.getByRole('checkbox', { name: 'Select c', exact: true }).click();
      await page.getByRole('checkbox', { name: 'Select d', exact: true }).click();
      await d.get('bulk-bar').getByRole('button', { name: 'Stop' }).click();
      await d.row(c, 'stopped').waitFor();
      await d.row(d4, 'stopped').waitFor();
      await d.get('all-actions').click();
      await page.getByRole('menuitem', { name: /Delete all apps/ }).click();
      for (const name of ['a', 'b', 'c', 'd']) await d.get('confirm-dialog').getByText(name, { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Delete 4 apps' }).click();
      await d.get('empty').waitFor();
    });
    await eventually('all are gone', async () => (await berth.get('/api/apps')).body.length === 0);
  });

  test('a manifest that somebody broke is said in words, and that it is mended', async () => {
    const text = JSON.stringify(berth.manifest());
    await withDashboard(browser, berth, {}, async (d) => {
      await d.is('live');
      writeFileSync(berth.manifestFile, '{ "version": ');
      const problem = d.get('problems').locator('[data-code]');
      await problem.waitFor();
      assert.match(await problem.innerText(), /line 1/);
      writeFileSync(berth.manifestFile, text);
      await d.gone(problem);
    });
  });
});
