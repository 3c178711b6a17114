// What the log viewer does with lines beyond showing them: levels, links, JSON, times, filters, copying, places in it, starts, and what is
// older than what it began with.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch, withDashboard } from './support/browser.mjs';

const hex = (text) => Buffer.from(text).toString('hex');
const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const copied = (page) => page.evaluate(() => navigator.clipboard.readText());

describe('the log viewer', { timeout: 240_000 }, () => {
  let berth, browser;
  before(async () => ([berth, browser] = await Promise.all([Berth.start(), launch()])));
  after(async () => {
    await browser.close();
    await berth.close();
  });

  /** `lines`: what the app wrote before the page is opened, or what makes it write so many. */
  const withLog = async (name, lines, options, body) => {
    const app = await berth.online(name);
    if (typeof lines === 'string') await berth.ask(app, lines);
    await berth.ask(app, `/raw?hex=${hex([...(typeof lines === 'string' ? [] : lines), 'the-end\n'].join('\n'))}`);
    await withDashboard(browser, berth, options, async (d, page) => {
      await d.is('live');
      await d.action(app, 'logs').click();
      await d.logShows('the-end');
      await body({ d, page, app, lines: d.get('log-terminal') });
    });
    await berth.delete(`/api/apps/${app.id}`);
  };
  const write = (app, text) => berth.ask(app, `/raw?hex=${hex(text)}`);

  test('links lead to addresses and to files in the editor that was chosen; nothing else is one', () =>
    withLog(
      'links',
      ['see http://localhost:3100/x and <https://a.example/">', 'at ./src/app/page.tsx:70:18', 'at run (/a/b.ts:1:2)', 'javascript:alert(1) data:text/html,<b>'],
      {},
      async ({ d, page, app, lines }) => {
        const root = (await berth.get('/api/health')).body.root;
        const hrefs = () => lines.locator('a').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.rel]));
        const rel = 'noreferrer noopener';
        const wanted = (editor) => [
          ['http://localhost:3100/x', rel],
          ['https://a.example/', rel],
          [`${editor}://file${root}/created-apps/${app.id}/src/app/page.tsx:70:18`, rel],
          [`${editor}://file/a/b.ts:1:2`, rel],
        ];
        assert.deepEqual(await hrefs(), wanted('vscode'));
        await d.get('log-show').click();
        await page.getByRole('menuitemradio', { name: 'Files open in Cursor' }).click();
        await eventually('they open in the other', async () => JSON.stringify(await hrefs()) === JSON.stringify(wanted('cursor')));
        // It is one choice for the whole page, and kept.
        await d.visit(`/apps/${app.id}`);
        await page.locator('[data-action=editor]', { hasText: 'Open in Cursor' }).waitFor();
        await d.visit(`/apps/${app.id}/logs`);
        await eventually('they still do', async () => JSON.stringify(await hrefs()) === JSON.stringify(wanted('cursor')));
      },
    ));

  test('levels are counted and shown alone, JSON folds open, long lines break or do not', () =>
    withLog(
      'levels',
      ['ERROR one', '{"level":"error","user":{"name":"x"}}', 'WARN two', 'plain', `long ${'word '.repeat(200)}`],
      {},
      async ({ d, page, lines }) => {
        await d.get('log-count-error').getByText('2 errors').waitFor();
        await d.get('log-count-warn').getByText('1 warning').waitFor();
        const heightOf = async (text) => (await lines.locator('[data-line]').filter({ hasText: text }).boundingBox()).height;
        assert.ok((await heightOf('long word')) > 18);
        await lines.focus();
        await page.keyboard.press('w');
        await eventually('it is one row', async () => (await heightOf('long word')) === 18);
        await lines.getByRole('button', { name: 'JSON' }).click();
        await lines.getByText('"name": "x"').waitFor();
        await d.accessible('folded open');
        await lines.getByRole('button', { name: 'JSON' }).click();
        await d.gone(lines.getByText('"name": "x"'));
        await d.get('log-count-error').click();
        await eventually('errors alone', async () => (await d.logText()) === 'ERROR one\n{"level":"error","user":{"name":"x"}}');
        await d.get('log-count-error').click();
        await d.logShows('plain');
      },
    ));

  test('a regular expression searches; only what matches is shown, or all but that', () =>
    withLog('searched', ['GET /a 200', 'GET /b 404', 'POST /c 500', 'GET /d 200'], {}, async ({ d, page }) => {
      const search = page.getByRole('searchbox', { name: 'Search in the log' });
      await search.fill(' [45]0\\d$');
      await d.get('log-matches').getByText('none', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Regular expression' }).click();
      await d.get('log-matches').getByText('2/2', { exact: true }).waitFor();
      await d.get('log-matching').click();
      await eventually('only those', async () => (await d.logText()) === 'GET /b 404\nPOST /c 500');
      await d.get('log-matching').click();
      await eventually('all but those', async () => /GET \/a 200\nGET \/d 200\nthe-end$/.test(await d.logText()));
      await search.fill('(');
      await d.get('log-matches').getByText('no regex', { exact: true }).waitFor();
      await d.logShows('POST /c 500');
    }));

  test('an expression without an end holds up nothing: it is stopped, which is said, and every line stays', () =>
    withLog('endless', ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', 'aab'], {}, async ({ d, page, app }) => {
      const search = page.getByRole('searchbox', { name: 'Search in the log' });
      await page.getByRole('button', { name: 'Regular expression' }).click();
      await d.get('log-matching').click(); // only what matches
      await search.fill('^(a+)+$');
      await d.get('log-search-trouble').getByText('This expression takes too long').waitFor();
      await d.get('log-matches').getByText('too slow', { exact: true }).waitFor();
      await d.logShows('the-end');
      await d.accessible('an expression that takes too long');
      await write(app, 'still alive\n');
      await d.logShows('still alive');
      await search.fill('^a+b$');
      await eventually('only that', async () => (await d.logText()) === 'aab');
      await d.get('log-matches').getByText('1/1', { exact: true }).waitFor();
      await d.gone(d.get('log-search-trouble'));
    }));

  test('the logs of two apps at one address: line by line as they come, with coloured names; a reload keeps both, one can be left out', async () => {
    const apps = [await berth.online('first of two'), await berth.online('second of two')];
    await withDashboard(browser, berth, {}, async (d, page) => {
      const both = `/logs?app=${apps[0].id}&app=${apps[1].id}`;
      await d.visit(both);
      const lines = () =>
        d.get('log-terminal').locator('[data-line]').evaluateAll((all) =>
          all.map((line) => {
            const name = line.parentElement.querySelector('bdi')?.parentElement;
            const cut = name && name.scrollWidth > name.clientWidth;
            return { text: line.textContent, name: name?.textContent, colour: name && getComputedStyle(name).color, cut };
          }),
        );
      await eventually('both are here', async () => new Set((await lines()).map(({ name }) => name)).size === 2);
      for (let i = 0; i < 3; i++)
        for (const app of apps) {
          await write(app, `line ${i} of ${app.name}\n`);
          await d.logShows(`line ${i} of ${app.name}`);
        }
      const last = (await lines()).slice(-6);
      assert.deepEqual(
        last.map(({ name, text }) => `${name}: ${text}`),
        [0, 1, 2].flatMap((i) => apps.map((app) => `${app.name}: line ${i} of ${app.name}`)),
      );
      assert.ok(last.every(({ cut }) => !cut), 'there is room for the names');
      const coloursOf = (app) => new Set(last.filter(({ name }) => name === app.name).map(({ colour }) => colour));
      const colours = apps.map((app) => [...coloursOf(app)]);
      assert.deepEqual(colours.map((each) => each.length), [1, 1]);
      assert.notEqual(colours[0][0], colours[1][0]);
      await d.accessible('two logs');

      await page.reload();
      await d.is('live');
      assert.equal(d.address(), both);
      for (const app of apps) await d.logShows(`line 2 of ${app.name}`);
      await write(apps[0], 'after the reload\n');
      await d.logShows('after the reload');

      await page.getByRole('group', { name: 'Apps to show' }).getByRole('button', { name: apps[0].name }).click();
      await d.at(`/logs?app=${apps[1].id}`);
      await d.logShows(`line 2 of ${apps[1].name}`);
      await write(apps[0], 'unseen\n');
      await write(apps[1], 'seen\n');
      await d.logShows('seen');
      assert.ok((await lines()).every(({ name, text }) => name === undefined && !text.includes(apps[0].name) && text !== 'unseen'));
      await page.goBack();
      await d.at(both);
      await d.logShows('unseen');
    });
    for (const app of apps) await berth.delete(`/api/apps/${app.id}`);
  });

  test('times are those of lines that this page saw come; none is made up for the others', () =>
    withLog('timed', ['before'], {}, async ({ d, page, app, lines }) => {
      await write(app, 'live\n');
      await d.logShows('live');
      await lines.focus();
      await page.keyboard.press('t');
      const shown = async (text) => (await lines.locator('div', { has: page.locator('[data-line]', { hasText: text }) }).last().innerText()).trim();
      await eventually('the time of one', async () => /^\d\d:\d\d:\d\d\.\d{3}\s+live$/.test(await shown('live')));
      assert.equal(await shown('before'), 'before');
    }));

  test('all is copied, seen or not, exactly as it was written; so is a line, and a link that leads to it', () => {
    const written = '/log?lines=3000&text=' + encodeURIComponent('a\tcell  \x1b[32mgreen\x1b[0m');
    const lineOf = (i) => `a\tcell  green ${i}`;
    return withLog('copied', written, clipboard, async ({ d, page, app, lines }) => {
      await lines.focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Control+c');
      const plain = Array.from({ length: 3_000 }, (_, i) => lineOf(i)).join('\n');
      await eventually('all is copied', async () => (await copied(page)).endsWith(`${plain}\nthe-end`));
      await page.evaluate(() => document.getSelection().removeAllRanges());
      await lines.locator('[data-line]', { hasText: /green 2990$/ }).click();
      await d.get('line-actions').waitFor();
      await d.accessible('a chosen line');
      await page.keyboard.press('y');
      await eventually('the line is copied', async () => (await copied(page)) === lineOf(2990));
      await page.getByRole('button', { name: 'Copy a link to the line' }).click();
      await eventually('the link is copied', async () => /\/logs\?line=stdout:\d+$/.test(await copied(page)));
      const link = new URL(await copied(page));
      assert.equal(link.pathname, `/apps/${app.id}/logs`);
      await page.keyboard.press('End');
      await page.goto(link.href);
      await d.is('live');
      await d.get('line-actions').waitFor();
      await d.logShows(/green 2990$/m);
    });
  });

  test('a start divides the lines; what came before can be left out, and the view cleared', () =>
    withLog('starts', ['of the first run'], {}, async ({ d, page, app, lines }) => {
      await berth.post(`/api/apps/${app.id}/restart`);
      await d.row(app, 'online').waitFor();
      await write(app, 'of the second run\n');
      await d.logShows('of the second run');
      await lines.getByText(/^started \d\d:\d\d:\d\d$/).last().waitFor();
      await lines.focus();
      await page.keyboard.press('s');
      await eventually('only the second run', async () => !/first run|the-end/.test(await d.logText()) && /second run/.test(await d.logText()));
      await page.keyboard.press('s');
      await d.logShows('of the first run');
      await page.keyboard.press('x');
      await eventually('nothing', async () => (await d.logText()) === '');
      await write(app, 'after clearing\n');
      await eventually('only what is new', async () => (await d.logText()) === 'after clearing');
      await page.keyboard.press('x');
      await d.logShows('of the first run');
    }));

  test('what is older than the beginning is loaded, whole and in order', () => {
    const text = 'item ' + 'x'.repeat(60);
    const many = Array.from({ length: 12_000 }, (_, i) => `${text} ${i}`);
    return withLog('older', '/log?lines=12000&text=' + encodeURIComponent(text), clipboard, async ({ d, page, lines }) => {
      await lines.focus();
      const atBeginning = async () => {
        await page.keyboard.press('Home');
        return (await d.logText()).includes('starting on') && !(await d.get('log-older').isVisible());
      };
      for (let i = 0; i < 20 && !(await atBeginning()); i++) {
        await d.get('log-older').waitFor();
        const first = (await d.logText()).split('\n')[0];
        await page.keyboard.press('o');
        // What was first stays where it was; what is older is above it.
        await eventually('older lines are there', async () => {
          await page.keyboard.press('Home');
          return (await d.logText()).split('\n')[0] !== first;
        });
      }
      await page.keyboard.press('Home');
      await d.logShows('starting on');
      await d.gone(d.get('log-older'));
      await d.get('log-download').click();
      await page.getByRole('menuitem', { name: 'Copy all lines shown here' }).click();
      await d.says('The log is copied');
      assert.ok((await copied(page)).endsWith(`${many.join('\n')}\nthe-end`), 'every line, once, in order');
    });
  });

  for (const colorScheme of ['dark', 'light'])
    test(`at 375 px every tool is in reach, ${colorScheme}`, () =>
      withLog('narrow', ['ERROR one', '\x1b[97mwhite\x1b[0m \x1b[30mblack\x1b[0m \x1b[38;5;226myellow\x1b[0m \x1b[7minverse\x1b[0m', 'WARN two', '{"a":1}'], { viewport: { width: 375, height: 812 }, hasTouch: true, isMobile: true, colorScheme }, async ({ d, page }) => {
        await d.fits('the logs');
        await d.accessible('the logs, narrow');
        await d.get('log-show').tap();
        await page.getByRole('menuitemcheckbox', { name: 'When lines came' }).tap();
        await d.get('log-count-error').tap();
        await eventually('errors alone', async () => (await d.logText()) === 'ERROR one');
        await d.fits('with times');
        await d.accessible('errors alone');
      }));
});
