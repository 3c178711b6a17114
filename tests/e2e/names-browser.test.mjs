// Apps by their names as a browser has them: it resolves *.localhost by itself, and each name is a place of its own to it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { launch } from './support/browser.mjs';
import { hostOf, namedApp } from './support/named.mjs';

describe('an app by its name, in a browser', { timeout: 240_000 }, () => {
  let berth;
  before(async () => {
    berth = await Berth.start({ scaffold: namedApp });
  });
  after(() => berth.close());

  test('a page, a WebSocket, and cookies that are its own', async () => {
    const app = await berth.online('Mein Lädchen');
    const other = await berth.online('neighbour');
    const browser = await launch();
    try {
      const page = await browser.newPage();
      await page.goto(`http://${hostOf(berth, 'mein-ladchen')}/cookie`);
      assert.equal(await page.evaluate(() => document.cookie), 'who=me');
      await page.evaluate(() => (document.cookie = 'wide=1; Domain=localhost'));
      const back = await page.evaluate(
        () =>
          new Promise((done, fail) => {
            const socket = new WebSocket(`ws://${location.host}/socket`);
            socket.onerror = fail;
            socket.onopen = () => socket.send('from a page');
            socket.onmessage = ({ data }) => data === 'from a page' && done(data);
          }),
      );
      assert.equal(back, 'from a page');
      await page.goto(`http://${hostOf(berth, 'neighbour')}/cookie`);
      await page.context().clearCookies({ name: 'who', domain: 'neighbour.localhost' });
      assert.equal(await page.evaluate(() => document.cookie), '');
      // What a page of an app can reach of Berth: nothing that it could read.
      const reached = await page.evaluate((url) => fetch(`${url}/api/apps`).then((r) => r.text(), () => 'refused'), berth.url);
      assert.equal(reached, 'refused');
    } finally {
      await browser.close();
      await berth.post('/api/apps/actions', { action: 'delete', ids: [app.id, other.id] });
    }
  });

  test('one that is not online: a page with the reason, and the app by itself when it is', async () => {
    const app = await berth.online('shop');
    await berth.post(`/api/apps/${app.id}/stop`);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const problems = [];
      page.on('console', (m) => m.type() === 'error' && !/Failed to load resource/.test(m.text()) && problems.push(m.text()));
      await page.goto(`http://${hostOf(berth, 'shop')}/pid`);
      await page.getByRole('heading', { name: 'shop is not online' }).waitFor();
      await page.getByText('"shop" is stopped').waitFor();
      await berth.post(`/api/apps/${app.id}/restart`);
      await page.getByText(/^\d+$/).waitFor(); // by itself
      assert.deepEqual(problems, []);
    } finally {
      await browser.close();
    }
  });
});
