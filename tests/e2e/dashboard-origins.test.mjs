// Where a new app comes from, chosen in the dashboard: a template, a fork of an app, a folder of somebody's own; and what is said
// before one of those is removed.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, freePorts } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';
import { accepts } from './support/processes.mjs';
import { fingerprint, makeProject, runByHand } from './support/project.mjs';

describe('from the dashboard', { timeout: 240_000 }, () => {
  let berth, browser, app;
  before(async () => {
    [berth, browser] = await Promise.all([Berth.start({}), launch()]);
    app = await berth.online('silver pike', 'demos');
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });

  /** A page of it with the form open. Answers with an error are expected, and logged by Chromium. */
  const form = (body, options) =>
    withDashboard(browser, berth, { network: true, ...options }, async (d, page) => {
      await d.is('live');
      await d.get('create').first().click();
      await d.get('create-dialog').waitFor();
      await body(d, page);
    });
  const choose = (page, origin) => page.getByRole('radio', { name: origin, exact: true }).check({ force: true });
  const field = (page, name) => page.getByRole('textbox', { name });
  const named = async (name) => (await berth.get('/api/apps')).body.find((each) => each.name === name);

  test('a template, with notes; before there is one, it says how to make it', async () => {
    await form(async (d, page) => {
      await choose(page, 'Template');
      await d.get('create-dialog').getByText(/berth template add NAME SOURCE/).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Create app' }).last().isDisabled(), true);
    });
    const made = await berth.post('/api/templates', { name: 'shop', source: makeProject(path.join(berth.home, 'starter')) });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await form(async (d, page) => {
      await choose(page, 'Template');
      await page.getByRole('combobox', { name: 'Template' }).selectOption('shop');
      await field(page, 'Name').fill('from a template');
      await field(page, 'Notes').fill('for Tuesday\nwith the new cart');
      await d.get('create-dialog').getByRole('button', { name: 'Create app' }).click();
      await d.rowNamed('from a template').and(page.locator('[data-status=online]')).waitFor();
      const { template, notes } = await named('from a template');
      assert.deepEqual([template, notes], ['shop', 'for Tuesday\nwith the new cart']);
    });
  });

  test('a fork, from the row of an app, with what is not committed', async () => {
    writeFileSync(path.join(berth.directory(app), 'unsaved.txt'), 'in the middle of it');
    await withDashboard(browser, berth, {}, async (d, page) => {
      await d.is('live');
      await d.action(app, 'fork').click();
      await d.get('create-dialog').waitFor();
      assert.equal(await page.getByRole('combobox', { name: 'App' }).inputValue(), app.id);
      await field(page, 'Name').fill('a fork');
      await d.get('create-dialog').getByRole('button', { name: 'Create app' }).click();
      await d.rowNamed('a fork').and(page.locator('[data-status=online]')).waitFor();
      const fork = await named('a fork');
      assert.equal(fork.template, `app:${app.id}`);
      assert.equal(readFileSync(path.join(berth.directory(fork), 'unsaved.txt'), 'utf8'), 'in the middle of it');
    });
  });

  test('a folder: what runs there is ended when that is said; forgetting it leaves every byte', async () => {
    const folder = makeProject(path.join(berth.home, 'work/my shop'));
    const port = await freePorts(1);
    const byHand = runByHand(folder, port);
    try {
      await eventually('it runs by hand', () => accepts(port));
      const before = fingerprint(folder);
      await form(async (d, page) => {
        await choose(page, 'Folder');
        assert.equal(await page.getByRole('button', { name: 'Adopt folder' }).isDisabled(), true);
        await field(page, 'Folder').fill(path.join(berth.home, 'nowhere'));
        await page.getByRole('button', { name: 'Adopt folder' }).click();
        await d.get('create-problem').getByText(/nowhere/).waitFor();
        await field(page, 'Folder').fill(folder);
        await page.getByRole('button', { name: 'Try again' }).click();
        await d.get('create-problem').getByText(new RegExp(`port ${port}`)).waitFor();
        await page.getByRole('button', { name: 'End it and adopt' }).click();
        const row = d.rowNamed('my shop');
        await row.and(page.locator('[data-status=online]')).waitFor();
        assert.equal(await accepts(port), false);
        const adopted = await named('my shop');
        assert.equal(adopted.owned, false);

        await d.action(adopted, 'delete').click();
        const confirm = d.get('confirm-dialog');
        await confirm.getByText(/is yours: nothing in it is touched/).waitFor();
        assert.doesNotMatch(await confirm.innerText(), /folder .*removed|cannot be undone/i);
        await confirm.getByRole('button', { name: 'Forget app' }).click();
        await d.gone(row);
        assert.ok(existsSync(folder));
        assert.equal(fingerprint(folder), before);
      });
    } finally {
      await byHand.end();
    }
  });

  test('narrow and dark, the form fits, scrolls and is sound', async () => {
    for (const origin of ['New', 'Template', 'Fork', 'Folder'])
      await form(
        async (d, page) => {
          await choose(page, origin);
          await d.accessible(origin);
          const box = await d.get('create-dialog').boundingBox();
          assert.ok(box.x >= 0 && box.x + box.width <= 375, `${origin}: ${JSON.stringify(box)}`);
          const submit = page.locator('[data-testid=create-dialog] button[type=submit]');
          await submit.scrollIntoViewIfNeeded();
          const at = await submit.boundingBox();
          assert.ok(at.y + at.height <= 740, `${origin}: the button ends at ${at.y + at.height}`);
        },
        { viewport: { width: 375, height: 740 }, colorScheme: 'dark' },
      );
  });
});
