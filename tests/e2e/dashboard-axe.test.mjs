// The dashboard held against axe-core: the list, details, every dialog and the logs, dark and light, wide and narrow.
import { after, before, describe, test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

describe('axe-core finds nothing', { timeout: 240_000 }, () => {
  let berth, browser, first, second;
  before(async () => {
    [berth, browser] = await Promise.all([Berth.start(), launch()]);
    first = await berth.online('amber otter', 'demos');
    second = await berth.online('quiet heron');
    await berth.ask(first, '/log?lines=40&text=hello');
    await berth.ask(first, '/exit?code=3');
    await berth.reaches(first.id, 'errored');
  });
  after(async () => {
    await browser.close();
    await berth.close();
  });

  for (const colorScheme of ['dark', 'light'])
    for (const viewport of [{ width: 1440, height: 900 }, { width: 375, height: 812 }])
      test(`${colorScheme}, ${viewport.width} px`, () =>
        withDashboard(browser, berth, { colorScheme, viewport }, async (d, page) => {
          await d.is('live');
          await d.accessible('the list');
          await page.getByRole('button', { name: 'Details of quiet heron' }).click();
          await page.getByRole('checkbox', { name: 'Select quiet heron' }).click();
          await d.get('app-detail').locator('canvas').first().waitFor();
          await d.accessible('details and a selection');
          await page.getByRole('checkbox', { name: 'Select quiet heron' }).click();
          const dialogs = {
            'create-dialog': () => d.get('create').click(),
            'confirm-dialog': () => d.action(second, 'delete').click(),
            'help-dialog': () => page.keyboard.press('?'),
            palette: () => page.keyboard.press('Control+k'),
          };
          for (const [dialog, open] of Object.entries(dialogs)) {
            await open();
            await d.get(dialog).waitFor();
            await d.accessible(dialog);
            await page.keyboard.press('Escape');
            await d.gone(d.get(dialog));
          }
          await d.get('settings').click();
          await page.getByRole('menu').waitFor();
          await d.accessible('the settings');
          await page.keyboard.press('Escape');
          await d.gone(page.getByRole('menu'));
          await d.action(first, 'logs').click();
          await d.logShows('hello 39');
          await page.getByRole('searchbox', { name: 'Search in the log' }).fill('hello');
          await d.get('log-matches').getByText(/^\d+\/\d+$/).waitFor();
          await d.accessible('the logs');
        }));
});
