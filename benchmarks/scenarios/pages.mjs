// How soon a client knows whether a page works (support/page_told.mjs). And what that costs: twenty real Next apps, each opened once
// and with a connection kept open, as a tab keeps one; processor time of Berth and of all the apps' processes, while nobody edits, and
// while one of them is edited every second. The peer is the same without Berth: it is ended meanwhile, the apps run on. A quick run
// leaves the cost out.
import { mkdtempSync, readFileSync, readlinkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import WebSocket from 'ws';

import { accepting } from '../support/accepting.mjs';
import { createNextApp, empty, withTemplate } from '../support/next.mjs';
import { pageTold } from '../support/page_told.mjs';
import { cpuSeconds, now, pause } from '../support/program.mjs';
import { atMost, row } from '../support/row.mjs';
import { appCount } from '../support/stage.mjs';

export const needs = 'nothing';

const window = 30_000; // ms
const lively = 65_000; // ms after which a tab in which nothing happens is asked less often (core/page_schedule.hpp)

/** Processor time of every process that works below the folder, in seconds; of those that end meanwhile nothing is known. */
function used(below) {
  const all = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(below)) all.set(pid, cpuSeconds(pid));
    } catch {
      // it has ended
    }
  return all;
}

/** Percent of a core over a window: of Berth, where it runs, and of the apps. */
async function measure(stage, berth, edit) {
  const apps = path.join(stage.root, 'created-apps');
  const before = used(apps);
  const own = berth?.cpuSeconds;
  const begun = now();
  const timer = edit && setInterval(edit, 1000);
  await pause(window);
  clearInterval(timer);
  const percent = (seconds) => (100_000 * seconds) / (now() - begun);
  let seconds = 0;
  for (const [pid, at] of used(apps)) seconds += at - (before.get(pid) ?? at);
  return { apps: percent(seconds), berth: berth ? percent(berth.cpuSeconds - own) : 0 };
}

/** What a tab has open: the socket that tells it of changes. */
const openTab = (port) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost:${port}/_next/hmr?id=${port}`, { headers: { origin: `http://localhost:${port}` } });
    socket.once('open', () => resolve(socket)).once('error', reject);
  });

export async function run(_, { template, rounds, quick }) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'berth-pages-'));
  let stage;
  const tabs = [];
  try {
    stage = await withTemplate(home, template ?? createNextApp(home));
    const told = await pageTold(stage, rounds);
    if (quick) return told;
    await empty(stage);
    await stage.createAll();
    for (const app of await stage.apps()) {
      await (await fetch(`http://localhost:${app.port}/`)).text();
      tabs.push(await openTab(app.port));
    }
    const edited = (await stage.apps())[0];
    const file = path.join(stage.root, 'created-apps', edited.id, 'src/app/page.tsx');
    const source = readFileSync(file, 'utf8');
    let edits = 0;
    const edit = () => writeFileSync(file, `${source}// ${++edits}\n`);

    await pause(lively);
    const states = (await stage.apps()).map((app) => app.page?.state);
    const idle = await measure(stage, stage.berth);
    const busy = await measure(stage, stage.berth, edit);
    await stage.berth.stop();
    await accepting(stage.first, appCount);
    await pause(5000);
    const idleAlone = await measure(stage, null);
    const busyAlone = await measure(stage, null, edit);
    const common = { unit: '%', better: 'lower' };
    const both = (each) => [each.berth + each.apps];
    const checked = `${states.filter((state) => state === 'working').length} of ${appCount} were known to work`;
    return [
      ...told,
      row({ ...common, name: 'pages-idle', what: 'twenty opened apps, nobody edits: of a core', ours: both(idle), peer: both(idleAlone), peerName: 'the apps by themselves', goal: '< 1 % more', met: ({ ours, peer }) => ours - peer < 1, notes: [checked] }),
      row({ ...common, name: 'pages-idle-berth', what: '… of it Berth itself', ours: [idle.berth], ...atMost(1, '%') }),
      row({ ...common, name: 'pages-edited', what: '… one edited every second', ours: both(busy), peer: both(busyAlone), peerName: 'the apps by themselves', goal: '', met: () => null }),
    ];
  } finally {
    for (const tab of tabs) tab.terminate();
    await stage?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
