// Sleep and wake. A real Next app whose page was opened once is put to sleep, and asked for by its port and by its name: from the request
// to the first byte of the answer; beside it, in turn, the same app by itself, in the same folder with the same caches: from
// `npm run dev` to that byte. And what sleeping costs: a Berth with a hundred small apps of which five are awake, beside the same
// Berth with those five alone; what it takes of memory, and of a core while nobody asks it anything.
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

import { accepting } from '../support/accepting.mjs';
import { createNextApp, withTemplate } from '../support/next.mjs';
import { Program, now, pause, statusKB, until } from '../support/program.mjs';
import { atMost, row, under } from '../support/row.mjs';
import { Stage } from '../support/stage.mjs';

export const needs = 'nothing';

const window = 15_000; // ms
const hundred = 100;
const awake = 5;

/** ms until the first byte of an answer of 200; null: nobody accepted. */
const firstByte = (port, host = `localhost:${port}`) =>
  new Promise((resolve, reject) => {
    const begun = now();
    const asked = http.get({ port, host: '127.0.0.1', path: '/', headers: { host }, agent: false }, (answer) => {
      const took = now() - begun;
      answer.resume().once('end', () => (answer.statusCode === 200 ? resolve(took) : reject(new Error(`answered ${answer.statusCode}`))));
    });
    asked.once('error', (error) => (error.code === 'ECONNREFUSED' ? resolve(null) : reject(error)));
  });

async function bySleeping(stage, app, ask) {
  await stage.api('POST', `/api/apps/${app.id}/sleep`);
  const took = await ask();
  await until('it is online', async () => (await stage.apps())[0].status === 'online');
  return took;
}

/** The same app without Berth: it sleeps meanwhile, so that nothing of it runs; on another port, as Berth holds its own. */
async function byItself(stage, app) {
  await stage.api('POST', `/api/apps/${app.id}/sleep`);
  const port = app.port + 1;
  const env = { ...stage.env, PORT: String(port), NEXT_TELEMETRY_DISABLED: '1' };
  const begun = now();
  const cwd = path.join(stage.root, 'created-apps', app.id);
  const program = Program.start('npm', ['run', 'dev', '--', '-H', '127.0.0.1'], { group: true, cwd, env, logFile: stage.logFile });
  await until('it answers', () => firstByte(port));
  const took = now() - begun;
  await program.stop();
  await accepting(port, 1, false);
  await stage.api('POST', `/api/apps/${app.id}/wake`);
  await accepting(app.port, 1);
  return took;
}

async function waking(template, rounds) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'berth-wake-'));
  let stage;
  try {
    stage = await withTemplate(home, template ?? createNextApp(home));
    const app = await stage.api('POST', '/api/apps', { name: 'shop' });
    await accepting(app.port, 1);
    await firstByte(app.port);
    await pause(10_000); // Next writes its cache to the disk some seconds later
    const named = () => firstByte(stage.port, `${app.slug}.localhost:${stage.port}`);
    const found = { port: [], name: [], alone: [] };
    for (let i = 0; i < rounds; i++) {
      found.alone.push((await byItself(stage, app)) / 1000);
      found.port.push((await bySleeping(stage, app, () => firstByte(app.port))) / 1000);
      found.name.push((await bySleeping(stage, app, named)) / 1000);
    }
    return found;
  } finally {
    await stage?.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function rest(berth) {
  const before = berth.cpuSeconds;
  const begun = now();
  await pause(window);
  return { kib: statusKB(berth.pid, 'RssAnon'), cpu: (100_000 * (berth.cpuSeconds - before)) / (now() - begun) };
}

async function sleeping() {
  const stage = await Stage.open({ ports: hundred });
  try {
    await stage.serve('--sleep-after', 'never', '--memory-floor', '0');
    const create = (name) => stage.api('POST', '/api/apps', { name });
    for (let i = 0; i < awake; i++) await create(`awake-${i}`);
    const made = [];
    for (let i = awake; i < hundred; i++) {
      const app = await create(`asleep-${i}`);
      await stage.api('POST', `/api/apps/${app.id}/sleep`);
      made.push(app.id);
    }
    const again = async () => {
      await stage.berth.stop();
      await stage.serve('--sleep-after', 'never', '--memory-floor', '0');
      await until('those awake are online', async () => (await stage.apps()).filter((app) => app.status === 'online').length === awake);
      await pause(5000);
      return rest(stage.berth);
    };
    const all = await again();
    await stage.bulk('delete', made);
    const few = await again();
    return { all, few };
  } finally {
    await stage.close();
  }
}

export async function run(_, { template, rounds }) {
  const found = await waking(template, rounds);
  const { all, few } = await sleeping();
  const more = (field) => (all[field] - few[field]) / (hundred - awake);
  const goal = { goal: '≤ 0.3 s more', met: ({ ours, peer }) => ours - peer <= 0.3 };
  const peer = { peer: found.alone, peerName: 'npm run dev by itself' };
  return [
    row({ name: 'wake-port', what: 'a sleeping Next app is opened by its port, first byte', unit: 's', better: 'lower', ours: found.port, ...peer, ...goal }),
    row({ name: 'wake-name', what: '… by its name', unit: 's', better: 'lower', ours: found.name, ...peer, ...goal }),
    row({
      name: 'asleep-memory', what: `${hundred} apps, ${awake} awake: memory for each that sleeps`, unit: 'KiB', better: 'lower', ours: [more('kib')], ...under(64, 'KiB'),
      notes: [`Berth with ${hundred}: ${(all.kib / 1024).toFixed(1)} MB of its own, with ${awake}: ${(few.kib / 1024).toFixed(1)} MB`],
    }),
    row({ name: 'asleep-cpu', what: '… of a core, all together', unit: '%', better: 'lower', ours: [all.cpu], peer: [few.cpu], peerName: `${awake} apps alone`, ...atMost(0.5, '%') }),
  ];
}
