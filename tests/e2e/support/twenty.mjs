// Twenty apps in all five statuses, on the screen: `node tests/e2e/support/twenty.mjs DIR [SECONDS]` lets the dashboard watch them
// for so long, so that its graphs have something to show, and takes pictures at 1440 and 375 pixels, dark and light, into DIR. Run
// by hand, to look at; docs/dashboard.png is one of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Berth, eventually, pause } from './berth.mjs';
import { Dashboard, launch } from './browser.mjs';

const [into = 'pictures', seconds = '10'] = process.argv.slice(2);
mkdirSync(into, { recursive: true });

const apps = [
  ['checkout-flow', 'Storefront', 'online'],
  ['product-page-v2', 'Storefront', 'online'],
  ['search-with-facets', 'Storefront', 'online'],
  ['gift-cards', 'Storefront', 'errored'],
  ['order-history', 'Storefront', 'online'],
  ['returns-portal', 'Storefront', 'stopped'],
  ['onboarding-a', 'Onboarding tests', 'online'],
  ['onboarding-b', 'Onboarding tests', 'online'],
  ['onboarding-short', 'Onboarding tests', 'launching'],
  ['welcome-tour', 'Onboarding tests', 'stopped'],
  ['invite-a-colleague', 'Onboarding tests', 'online'],
  ['harbour-lights', 'Client: Harbour & Sons', 'online'],
  ['harbour-booking', 'Client: Harbour & Sons', 'online'],
  ['harbour-admin', 'Client: Harbour & Sons', 'unknown'],
  ['harbour-newsletter', 'Client: Harbour & Sons', 'online'],
  ['amber-otter', null, 'online'],
  ['quiet-fjord', null, 'online'],
  ['maps-spike', null, 'errored'],
  ['realtime-cursors', null, 'online'],
  ['brisk-heron', null, 'stopped'],
];

/** Looks and behaves as a Next development server would: its greeting, requests now and then, some work, some memory. */
function server(neverBinds) {
  const port = process.env.PORT;
  const seed = [...process.cwd()].reduce((a, c) => (a * 31 + c.charCodeAt(0)) % 9973, 7);
  globalThis.pages = Buffer.alloc((20 + (seed % 140)) << 20, 1);
  const http = require('node:http');
  const pages = ['/', '/about', '/api/items', '/pricing', '/cart', '/account/orders', '/search?q=lamp'];
  const say = (text) => process.stdout.write(text + '\n');
  say(`   \x1b[1m\x1b[38;2;173;127;168m▲ Next.js 16.0.3\x1b[0m (Turbopack)\n   - Local:        http://localhost:${port}\n`);
  say(` \x1b[32m\x1b[1m✓\x1b[0m Starting...`);
  let turn = 0;
  const request = () => {
    const n = (seed * ++turn) % 97;
    const status = n % 11 === 0 ? 404 : n % 29 === 0 ? 500 : 200;
    const colour = status === 200 ? 32 : status === 404 ? 33 : 31;
    const compiles = n % 13 === 0;
    if (compiles) say(` \x1b[37m○\x1b[0m Compiling ${pages[n % 7]} ...`);
    say(` GET ${pages[n % 7]} \x1b[${colour}m${status}\x1b[0m in ${20 + n * 3}ms \x1b[2m(compile: ${n}ms, render: ${15 + n}ms)\x1b[0m`);
    if (status === 500) console.error(`\x1b[31m⨯\x1b[0m Error: The item has no price\n    at Price (app/cart/price.tsx:${n}:11)`);
    const end = Date.now() + (compiles ? 400 : n % 40);
    while (Date.now() < end);
  };
  const ready = () => {
    say(` \x1b[32m\x1b[1m✓\x1b[0m Ready in ${800 + (seed % 700)}ms`);
    for (let i = 0; i < 40; i++) request();
    setInterval(request, 900 + (seed % 9) * 800);
  };
  const answers = http.createServer((request, response) => {
    response.end('here');
    if (request.url.startsWith('/exit')) setImmediate(() => process.exit(1));
  });
  if (neverBinds) setInterval(request, 60_000);
  else answers.listen(Number(port), ready);
}

async function make(berth, [name, category, status]) {
  const app = await berth.create(name, category);
  writeFileSync(path.join(berth.directory(app), 'server.cjs'), `(${server})(${status === 'launching'})`);
  return { ...app, wanted: status };
}

async function become(berth, app) {
  await berth.post(`/api/apps/${app.id}/restart`);
  if (app.wanted !== 'launching') await berth.reaches(app.id, 'online', 60);
  if (app.wanted === 'stopped') await berth.post(`/api/apps/${app.id}/stop`);
  if (app.wanted === 'errored') await berth.ask(app, '/exit');
  if (app.wanted === 'unknown') await berth.pm2('delete', `orch-${app.id}`);
}

const scenes = {
  list: async () => {},
  logs: async (d, page, named) => {
    await d.action(named('checkout-flow'), 'logs').click();
    await d.logShows('GET');
    await page.mouse.move(0, 0);
  },
  search: async (d, page) => {
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('cart');
    await d.get('log-matches').getByText(/\d+\/\d+/).waitFor();
  },
  errored: async (d, page, named) => {
    await page.getByRole('button', { name: 'Close the logs' }).click();
    await d.action(named('maps-spike'), 'logs').click();
    await d.logShows('GET');
    await page.mouse.move(0, 0);
  },
  create: async (d, page) => {
    await page.getByRole('button', { name: 'Close the logs' }).click();
    await d.get('create').click();
    await d.get('create-dialog').waitFor();
  },
  palette: async (d, page) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await d.get('palette').waitFor();
  },
  help: async (d, page) => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await d.get('help-dialog').waitFor();
  },
  details: async (d, page, named) => {
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Details of harbour-lights' }).click();
    await d.get('app-detail').locator('canvas').first().waitFor();
    await d.row(named('harbour-booking')).getByRole('checkbox').click();
    await d.row(named('harbour-admin')).getByRole('checkbox').click();
    await d.get('list-scroll').evaluate((list) => list.scrollTo(0, 0));
    await page.mouse.move(0, 0);
  },
};

const looks = ['dark', 'light'].flatMap((colorScheme) => [
  { colorScheme, viewport: { width: 1440, height: 900 } },
  { colorScheme, viewport: { width: 375, height: 812 }, deviceScaleFactor: 2 },
]);

const manifest = JSON.stringify({ version: '1.0.0', portRange: [3200, 3299], apps: {} });
const berth = await Berth.start({ manifest });
const browser = await launch();
try {
  const all = [];
  for (const app of apps) all.push(await make(berth, app));
  for (const app of all) await become(berth, app);
  for (const app of all) await eventually(app.wanted, async () => (await berth.app(app.id)).status === app.wanted, 60);
  const open = await Promise.all(looks.map((look) => Dashboard.open(browser, berth, look)));
  await pause(Number(seconds) * 1000);
  for (const [i, d] of open.entries()) {
    const { colorScheme, viewport } = looks[i];
    await d.is('live');
    for (const [scene, prepare] of Object.entries(scenes)) {
      await prepare(d, d.page, (name) => all.find((app) => app.name === name));
      await d.rests();
      await d.fits(`${scene} ${viewport.width}`);
      await d.page.screenshot({ path: path.join(into, `${scene}-${viewport.width}-${colorScheme}.png`) });
    }
    await d.close();
  }
} finally {
  await browser.close();
  await berth.close();
}
