// Twenty apps made from a template with hard links, started, and all accepting connections; then all stopped. Ours: twenty creates at
// once, and one bulk stop. The peer: the same by hand (baseline/apps.sh, then `pm2 stop all`). Each round has a home and a pm2 of its
// own.
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { accepting } from '../support/accepting.mjs';
import { digits, median } from '../support/stats.mjs';
import { now, until } from '../support/program.mjs';
import { row } from '../support/row.mjs';
import { Stage, appCount, pm2Command, smallApp, source } from '../support/stage.mjs';

export const needs = 'nothing';

function makeTemplate(home, given) {
  if (given) return given;
  const template = path.join(home, 'template');
  execFileSync(process.execPath, [smallApp, template]);
  return template;
}

async function ours(given) {
  const stage = await Stage.open();
  try {
    const template = makeTemplate(stage.home, given);
    stage.scaffold = `cp -al ${template}`;
    await stage.serve();
    await until('pm2 is there', async () => (await stage.api('GET', '/api/health')).pm2.connected);
    const begun = now();
    await stage.createAll();
    const created = now() - begun;
    const stopping = now();
    const { results } = await stage.bulk('stop');
    const stopped = now() - stopping;
    if (results.some((each) => !each.ok)) throw new Error(JSON.stringify(results));
    await accepting(stage.first, appCount, false);
    return { created, stopped };
  } finally {
    await stage.close();
  }
}

async function peer(given) {
  const stage = await Stage.open();
  try {
    const template = makeTemplate(stage.home, given);
    const folder = path.join(stage.home, 'by-hand');
    mkdirSync(folder);
    await stage.pm2('ping'); // its daemon runs, as ours does
    const env = { ...stage.env, PM2: `${process.execPath} ${pm2Command}` };
    const begun = now();
    await promisify(execFile)(path.join(source, 'benchmarks/baseline/apps.sh'), [template, folder, String(stage.first), String(appCount)], { env, maxBuffer: 64 << 20 });
    await accepting(stage.first, appCount);
    const created = now() - begun;
    const stopping = now();
    await stage.pm2('stop', 'all');
    const stopped = now() - stopping;
    return { created, stopped };
  } finally {
    await stage.close();
  }
}

/** template: a folder to use in place of the small Node server's. */
export async function run(_, { rounds, template }) {
  const mine = [];
  const theirs = [];
  for (let i = 0; i < rounds; i++) {
    mine.push(await ours(template));
    theirs.push(await peer(template));
  }
  const all = (list, field) => list.map((each) => each[field] / 1000);
  const common = { unit: 's', better: 'lower', goal: '', met: () => null };
  return [
    row({ ...common, name: 'create-20', what: 'twenty apps created (hard links) and accepting', ours: all(mine, 'created'), peer: all(theirs, 'created'), peerName: 'cp -al, pm2 start', notes: [`an app: ${digits(median(all(mine, 'created')) / appCount)} s`] }),
    row({ ...common, name: 'stop-20', what: 'all twenty stopped', ours: all(mine, 'stopped'), peer: all(theirs, 'stopped'), peerName: 'pm2 stop all', notes: ['ours also sees that no process is left and every port is free'] }),
  ];
}
