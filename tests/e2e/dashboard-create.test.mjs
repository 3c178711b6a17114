// Creating an app from the dashboard (section 9.3 of the requirements): live progress, cancel, failures in words, and a page that
// is opened in the middle.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const release = (berth) => writeFileSync(path.join(berth.root, 'created-apps', 'RELEASE'), '');

describe('create', { timeout: 240_000 }, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser.close());

  /** A server whose scaffold behaves so, and a page of it. Answers with an error are expected here, and logged by Chromium. */
  async function using(scaffold, body) {
    const berth = await Berth.start({ environment: { BERTH_SMALL_APP: scaffold } });
    try {
      await withDashboard(browser, berth, { network: true }, (d, page) => d.is('live').then(() => body(d, page, berth)));
    } finally {
      await berth.close();
    }
  }

  async function submit(d, page, name, category) {
    await d.get('create').click();
    if (name) await page.getByRole('textbox', { name: 'Name' }).fill(name);
    if (category) await page.getByRole('combobox', { name: 'Category' }).fill(category);
    await d.get('create-dialog').getByRole('button', { name: /Create app|Try again/ }).click();
  }

  test('9.3: progress live, in the dialog and in the list; then the app, in its category', () =>
    using('slow', async (d, page, berth) => {
      await submit(d, page, 'silver pike', 'client work');
      await d.get('create-progress').locator('[data-phase=scaffolding]').waitFor();
      await d.get('create-line').getByText(/Creating a small app in/).waitFor();
      await page.getByRole('button', { name: 'Continue in background' }).click();
      await page.locator('[data-testid=operation-row][data-phase=scaffolding]', { hasText: 'silver pike' }).waitFor();
      release(berth);
      await d.says('“silver pike” is created'); // for four seconds
      const row = d.rowNamed('silver pike');
      await row.and(page.locator('[data-status=online]')).waitFor();
      await d.gone(d.get('operation-row'));
      const [app] = (await berth.get('/api/apps')).body;
      assert.equal(app.category, 'client work');
      await page.locator('[data-testid=group][data-category="client work"]').waitFor();
    }));

  test('9.3: with nothing filled in, a name is made up; the dialog closes by itself', () =>
    using('', async (d, page, berth) => {
      await submit(d, page);
      await d.get('create-progress').or(d.get('app-row')).first().waitFor();
      await d.get('app-row').and(page.locator('[data-status=online]')).waitFor();
      await d.gone(d.get('create-progress'));
      const [app] = (await berth.get('/api/apps')).body;
      assert.match(app.name, /^[a-z]+-[a-z]+/);
      await d.rowNamed(app.name).waitFor();

      await submit(d, page, app.name.toUpperCase());
      await d.get('create-problem').getByText(/name/i).waitFor();
      assert.match(await d.get('create-problem').innerText(), new RegExp(app.name, 'i'), 'it says which name');
    }));

  test('a cancel leaves nothing, from the dialog and from the list', () =>
    using('hang', async (d, page, berth) => {
      await submit(d, page, 'first');
      await d.get('create-line').getByText('hanging').waitFor();
      await page.getByRole('button', { name: 'Cancel creation' }).click();
      await d.gone(d.get('create-progress'));
      await d.get('empty').waitFor();
      await submit(d, page, 'second');
      await page.getByRole('button', { name: 'Continue in background' }).click();
      await page.getByRole('button', { name: 'Cancel creating second' }).click();
      await d.get('empty').waitFor();
      assert.deepEqual((await berth.get('/api/operations')).body, []);
      assert.deepEqual(berth.manifest().apps, {});
    }));

  test('a failed create says what the scaffold said, and can be tried again', () =>
    using('fail', async (d, page) => {
      await submit(d, page, 'fails');
      await d.get('create-problem').getByText(/problem 30/).waitFor();
      assert.equal(await page.getByRole('textbox', { name: 'Name' }).inputValue(), 'fails', 'what was typed is kept');
      await page.getByRole('button', { name: 'Try again' }).click();
      await d.get('create-problem').getByText(/problem 30/).waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await d.get('empty').waitFor();
      assert.equal(await d.get('app-row').count(), 0);
    }));

  test('a page opened in the middle of a create shows it, and its end', () =>
    using('slow', async (d, page, berth) => {
      const created = berth.post('/api/apps', { name: 'from elsewhere', category: 'demos' });
      await page.locator('[data-testid=operation-row]', { hasText: 'from elsewhere' }).waitFor();
      await withDashboard(browser, berth, {}, async (late, latePage) => {
        await latePage.locator('[data-testid=operation-row][data-phase=scaffolding]', { hasText: 'from elsewhere' }).waitFor();
        await late.get('operation-row').getByText(/Creating a small app in/).waitFor();
        release(berth);
        const { body } = await created;
        await late.row(body, 'online').waitFor();
        await d.row(body, 'online').waitFor();
        await late.gone(late.get('operation-row'));
      });
    }));

  test('three at once: the third is shown as waiting for its turn', () =>
    using('slow', async (d, page, berth) => {
      const all = ['one', 'two', 'three'].map((name) => berth.post('/api/apps', { name }));
      await page.locator('[data-testid=operation-row][data-phase=waiting]').getByText('Waiting for its turn').waitFor();
      await eventually('two are scaffolded', async () => (await page.locator('[data-testid=operation-row][data-phase=scaffolding]').count()) === 2);
      release(berth);
      for (const { body } of await Promise.all(all)) await d.row(body, 'online').waitFor();
    }));
});
