// How smooth the log panel stays when it is full: 100,000 coloured lines from a real app, then searching and scrolling. The times are
// those of Chromium's own trace: the intervals between drawn frames (in a search also the pauses of a person who types), and the
// pieces of work on the page's main thread, which is how long it may keep a person waiting.
//
// Chromium draws in software here, so no page reaches zero. The floor is measured in the same run: the same wheel over a bare page
// of plain text that the browser scrolls all by itself, and the same search in a log of a few lines. What lies above is ours.
// `follow`: another 100,000 lines, 20,000 a second for five seconds, behind a full log.
// Run by hand (`node benchmarks/dashboard_scrollback.mjs [--json]`); it judges nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { Berth, eventually } from '../tests/e2e/support/berth.mjs';
import { launch, withDashboard } from '../tests/e2e/support/browser.mjs';

const lines = 100_000;
const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame', 'toplevel'];
/** Pixels, and pixels a second. */
const gestures = [
  ['scroll', 6_000, 1_500],
  ['fast scroll', 120_000, 30_000],
];

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const milliseconds = (micro) => Math.round(micro / 100) / 10;

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q) => milliseconds(quantile(sorted, q));
  return sorted.length ? { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) } : { count: 0 };
}

/** What the trace of one phase says. Times in ms. */
function measure(events) {
  const frames = events.filter((e) => e.name === 'DrawFrame');
  const drawnBy = (pid) => frames.filter((e) => e.pid === pid);
  const mains = events.filter((e) => e.name === 'thread_name' && e.args.name === 'CrRendererMain');
  const [main] = mains.sort((a, b) => drawnBy(b.pid).length - drawnBy(a.pid).length);
  const drawn = drawnBy(main.pid).map((e) => e.ts).sort((a, b) => a - b);
  const work = events.filter((e) => e.name === 'ThreadControllerImpl::RunTask' && e.ph === 'X' && e.pid === main.pid && e.tid === main.tid);
  return {
    pid: main.pid,
    frames: summary(drawn.slice(1).map((ts, i) => ts - drawn[i])),
    tasks: { ...summary(work.map((e) => e.dur)), over50: work.filter((e) => e.dur > 50_000).length },
  };
}

async function traced(browser, page, body) {
  await browser.startTracing(page, { categories });
  const begun = performance.now();
  await body();
  const took = Math.round(performance.now() - begun);
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  return { took, ...measure(traceEvents) };
}

/** A gesture of the mouse wheel over the box, upwards, as Chromium makes it from real input. Speed in pixels a second. */
async function scroll(page, { x, y, width, height }, pixels, speed) {
  const client = await page.context().newCDPSession(page);
  const gesture = { x: Math.round(x + width / 2), y: Math.round(y + height / 2), yDistance: pixels, speed, gestureSourceType: 'mouse' };
  await client.send('Input.synthesizeScrollGesture', gesture);
  await client.detach();
}

async function search(page, d) {
  const box = page.getByRole('searchbox', { name: 'Search in the log' });
  await box.pressSequentially('line 9999', { delay: 80 });
  await eventually('a match is shown', async () => /^\d/.test(await d.get('log-matches').innerText()));
  for (let i = 0; i < 20; i++) await box.press('Enter');
}

/** The same wheel over plain text of the same size and place, in a page with nothing else. */
async function floor(browser, box, results) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const text = 'GET /api/items 200 in 12ms (compile: 3ms, render: 9ms) line 99999\n'.repeat(9_000);
  const place = `position:fixed;left:${box.x}px;top:${box.y}px;width:${box.width}px;height:${box.height}px`;
  await page.setContent(`<pre style="${place};margin:0;overflow:auto;font:12px/18px monospace">${text}</pre>`);
  for (const [name, pixels, speed] of gestures) {
    await page.evaluate(() => (document.querySelector('pre').scrollTop = 1e9));
    results[`floor: ${name}`] = await traced(browser, page, () => scroll(page, box, pixels, speed));
  }
  await page.close();
}

/** Of the page's process, after a collection. MB of its own memory, and of these the JavaScript heap. */
async function memory(page, pid) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  await client.detach();
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const own = Number(rollup.match(/^Private_Dirty:\s+(\d+) kB/m)[1]);
  const heap = await page.evaluate(() => performance.memory.usedJSHeapSize);
  return { ownMB: Math.round(own / 1e3), heapMB: Math.round(heap / 1e6) };
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
    const box = await d.get('log-terminal').boundingBox();
    await floor(browser, box, results);
    await berth.ask(app, '/log?text=line 9999');
    await d.logShows('line 9999');
    results['floor: search'] = await traced(browser, page, () => search(page, d));
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('');
    results.empty = await memory(page, results['floor: search'].pid);

    const text = encodeURIComponent('\x1b[32m✓\x1b[0m GET /api/items \x1b[33m200\x1b[0m in \x1b[36m12ms\x1b[0m \x1b[2m(compile: 3ms, render: 9ms)\x1b[0m line');
    results.load = await traced(browser, page, async () => {
      for (let i = 0; i < 10; i++) await berth.ask(app, `/log?lines=${lines / 10 - (i === 9 ? 1 : 0)}&text=${text}`);
      await berth.ask(app, '/log?text=the-end');
      await eventually('all lines are shown', async () => (await d.logText()).includes('the-end 0'), 120);
    });
    results.search = await traced(browser, page, () => search(page, d));
    await page.getByRole('searchbox', { name: 'Search in the log' }).fill('');
    await d.get('log-follow').click();
    const seen = [await d.logText()];
    for (const [name, pixels, speed] of gestures) {
      results[name] = await traced(browser, page, () => scroll(page, box, pixels, speed));
      seen.push(await d.logText());
    }
    assert.equal(new Set(seen).size, 3, 'it scrolled');
    results.full = await memory(page, results.search.pid);
    await d.get('log-unseen').click();
    results.follow = await traced(browser, page, async () => {
      for (let end = performance.now(), i = 0; i < 50; i++, end += 100) {
        await berth.ask(app, `/log?lines=2000&text=${text}`);
        await new Promise((done) => setTimeout(done, Math.max(0, end + 100 - performance.now())));
      }
      await berth.ask(app, '/log?text=followed');
      await eventually('all lines are shown', async () => (await d.logText()).includes('followed 0'), 120);
    });
  });
} finally {
  await browser.close();
  await berth.close();
}

if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else {
  const cell = (value) => String(value ?? '–').padStart(9);
  const row = (name, s, more = '') => console.log(name.padEnd(28), ...[s.count, s.p50, s.p95, s.p99, s.max].map(cell), more);
  console.log('ms'.padEnd(28), ...['count', 'p50', 'p95', 'p99', 'max'].map(cell));
  const order = ['load', ...['search', ...gestures.map(([name]) => name)].flatMap((name) => [`floor: ${name}`, name]), 'follow'];
  for (const phase of order) {
    const { took, frames, tasks } = results[phase];
    row(`${phase}: frames`, frames, `took ${took}`);
    row(`${phase}: tasks`, tasks, `over 50 ms: ${tasks.over50}`);
  }
  for (const when of ['empty', 'full']) console.log(`${when}: ${results[when].ownMB} MB of the page's process, heap ${results[when].heapMB} MB`);
}
