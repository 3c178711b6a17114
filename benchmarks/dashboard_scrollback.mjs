// How smooth the log panel stays when it is full: 100,000 coloured lines from a real app, then searching and scrolling. The times are
// those of Chromium's own trace: the intervals between drawn frames (in a search also the pauses of a person who types), and the
// pieces of work on the page's main thread, which is how long it may keep a person waiting. Run by hand (`node benchmarks/dashboard_scrollback.mjs [--json]`); it judges nothing.
import assert from 'node:assert/strict';

import { Berth, eventually } from '../tests/e2e/support/berth.mjs';
import { launch, withDashboard } from '../tests/e2e/support/browser.mjs';

const lines = 100_000;
const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'toplevel'];

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const milliseconds = (micro) => Math.round(micro / 100) / 10;

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q) => milliseconds(quantile(sorted, q));
  return sorted.length ? { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) } : { count: 0 };
}

/** What the trace of one phase says. Times in ms. */
function measure(events) {
  const main = events.find((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain' && pageOf(events, e.pid));
  const of = (name) => events.filter((e) => e.name === name && e.pid === main.pid).sort((a, b) => a.ts - b.ts);
  const drawn = of('DrawFrame').map((e) => e.ts);
  const work = of('ThreadControllerImpl::RunTask').filter((e) => e.tid === main.tid && e.ph === 'X');
  return {
    frames: summary(drawn.slice(1).map((ts, i) => ts - drawn[i])),
    tasks: { ...summary(work.map((e) => e.dur)), over50: work.filter((e) => e.dur > 50_000).length },
  };
}

const pageOf = (events, pid) => events.some((e) => e.name === 'DrawFrame' && e.pid === pid);

async function traced(browser, page, body) {
  await browser.startTracing(page, { categories });
  const begun = performance.now();
  await body();
  const took = Math.round(performance.now() - begun);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return { took, ...measure(traceEvents) };
}

/** A gesture of the mouse wheel over the log, upwards, as Chromium makes it from real input. Speed in pixels a second. */
async function scroll(page, pixels, speed) {
  const { x, y, width, height } = await page.getByTestId('log-terminal').boundingBox();
  const client = await page.context().newCDPSession(page);
  const gesture = { x: Math.round(x + width / 2), y: Math.round(y + height / 2), yDistance: pixels, speed, gestureSourceType: 'mouse' };
  await client.send('Input.synthesizeScrollGesture', gesture);
  await client.detach();
}

const berth = await Berth.start();
const browser = await launch();
const results = {};
try {
  const app = await berth.online('writes');
  await withDashboard(browser, berth, {}, async (d, page) => {
    await d.is('live');
    await d.action(app, 'logs').click();
    await d.logShows('starting on');
    const text = encodeURIComponent('\x1b[32m✓\x1b[0m GET /api/items \x1b[33m200\x1b[0m in \x1b[36m12ms\x1b[0m \x1b[2m(compile: 3ms, render: 9ms)\x1b[0m line');
    results.load = await traced(browser, page, async () => {
      for (let i = 0; i < 10; i++) await berth.ask(app, `/log?lines=${lines / 10 - (i === 9 ? 1 : 0)}&text=${text}`);
      await berth.ask(app, '/log?text=the-end');
      await eventually('all lines are shown', async () => (await d.logText()).includes('the-end 0'), 120);
    });
    const search = page.getByRole('searchbox', { name: 'Search in the log' });
    results.search = await traced(browser, page, async () => {
      await search.pressSequentially('line 9999', { delay: 80 });
      await eventually('a match is shown', async () => /^\d/.test(await d.get('log-matches').innerText()));
      for (let i = 0; i < 20; i++) await search.press('Enter');
    });
    await search.fill('');
    await d.get('log-follow').click();
    const seen = [await d.logText()];
    for (const [name, pixels, speed] of [['scroll', 6_000, 1_500], ['fast scroll', 120_000, 30_000]]) {
      results[name] = await traced(browser, page, () => scroll(page, pixels, speed));
      seen.push(await d.logText());
    }
    assert.equal(new Set(seen).size, 3, 'it scrolled');
    results.heapMB = Math.round((await page.evaluate(() => performance.memory.usedJSHeapSize)) / 1e6);
  });
} finally {
  await browser.close();
  await berth.close();
}

if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else {
  const cell = (value) => String(value ?? '–').padStart(9);
  const row = (name, s, more = '') => console.log(name.padEnd(24), ...[s.count, s.p50, s.p95, s.p99, s.max].map(cell), more);
  console.log('ms'.padEnd(24), ...['count', 'p50', 'p95', 'p99', 'max'].map(cell));
  for (const [phase, { took, frames, tasks }] of Object.entries(results)) {
    if (!frames) continue;
    row(`${phase}: frames`, frames, `took ${took}`);
    row(`${phase}: tasks`, tasks, `over 50 ms: ${tasks.over50}`);
  }
  console.log(`heap ${results.heapMB} MB with ${lines} lines`);
}
