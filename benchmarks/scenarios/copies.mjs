// Real Next apps from the template `next`: a second create, until it is answered and until its port accepts, beside a bare
// `npm run dev` in a folder that is ready; twenty at once, beside a shell loop that makes the same hard links and starts the same
// servers through pm2 (baseline/apps.sh); and five with whole copies, as where links are refused. create-next-app runs once, and
// stands in for itself as a copy from then on. Each round has a home and a pm2 of its own.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { accepting } from '../support/accepting.mjs';
import { createNextApp, empty, withTemplate } from '../support/next.mjs';
import { Program, now } from '../support/program.mjs';
import { atMost, row } from '../support/row.mjs';
import { digits, median } from '../support/stats.mjs';
import { Stage, appCount, pm2Command, source } from '../support/stage.mjs';

export const needs = 'nothing';

const wholeCount = 5; // of whole copies: 480 MB each, and as much again for the peer

const run_ = promisify(execFile);

/** Kilobytes on the disk of what is below, without .next; a file with several names counts once. */
const kilobytes = (...folders) =>
  execFileSync('du', ['-sk', '--exclude=.next', ...folders], { encoding: 'utf8' }).trim().split('\n').reduce((sum, line) => sum + Number(line.split('\t')[0]), 0);

async function second(stage) {
  const begun = now();
  await stage.api('POST', '/api/apps', { name: 'second' });
  const answered = now() - begun;
  await accepting(stage.first, 1);
  const online = now() - begun;
  await empty(stage);
  return { answered, online };
}

async function bare(stage, folder) {
  const copy = path.join(stage.home, 'bare');
  execFileSync('cp', ['-al', folder, copy]);
  const begun = now();
  const program = Program.start('npm', ['run', 'dev'], { group: true, cwd: copy, env: { ...stage.env, PORT: String(stage.first), NEXT_TELEMETRY_DISABLED: '1' }, logFile: stage.logFile });
  await accepting(stage.first, 1);
  const took = now() - begun;
  await program.stop();
  await accepting(stage.first, 1, false);
  rmSync(copy, { recursive: true, force: true });
  return took;
}

async function many(stage, count) {
  const template = path.join(stage.root, '.berth/templates');
  const before = kilobytes(template);
  const begun = now();
  const names = Array.from({ length: count }, (_, i) => `app-${i}`);
  await Promise.all(names.map((name) => stage.api('POST', '/api/apps', { name })));
  await accepting(stage.first, count);
  const took = now() - begun;
  const disk = (kilobytes(template, path.join(stage.root, 'created-apps')) - before) / 1024 / count;
  return { took, disk };
}

async function loop(folder, count, links) {
  const stage = await Stage.open();
  try {
    const into = path.join(stage.home, 'by-hand');
    mkdirSync(into);
    await stage.pm2('ping'); // its daemon runs, as ours does
    const env = { ...stage.env, PM2: `${process.execPath} ${pm2Command}`, COPY: links ? 'cp -al' : 'cp -a', NEXT_TELEMETRY_DISABLED: '1' };
    const begun = now();
    await run_(path.join(source, 'benchmarks/baseline/apps.sh'), [folder, into, String(stage.first), String(count)], { env, maxBuffer: 64 << 20 });
    await accepting(stage.first, count);
    return now() - begun;
  } finally {
    await stage.close();
  }
}

/** One round: what Berth does, and what the same takes by hand. */
async function round(home, folder, count, links) {
  const stage = await withTemplate(home, folder);
  let mine;
  try {
    const one = await second(stage);
    const alone = await bare(stage, folder);
    mine = { ...one, alone, ...(await many(stage, count)) };
  } finally {
    await stage.close();
  }
  return { ...mine, loop: await loop(folder, count, links) };
}

/** As the template, but with an install script of its own: nothing of it is shared (src/store/shared_files.hpp). */
function unshared(home, folder) {
  const copy = path.join(home, 'unshared');
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  const file = path.join(copy, 'package.json');
  const about = JSON.parse(readFileSync(file, 'utf8'));
  about.scripts.postinstall = 'true';
  writeFileSync(file, JSON.stringify(about, null, 2));
  return copy;
}

/** template: a folder to use in place of what create-next-app makes. */
export async function run(_, { rounds, quick, template }) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'berth-copies-'));
  try {
    const folder = template ?? createNextApp(home);
    const found = [];
    for (let i = 0; i < rounds; i++) found.push(await round(home, folder, appCount, true));
    const real = quick ? [] : [await round(home, unshared(home, folder), wholeCount, false)];
    const seconds = (list, field) => list.map((each) => each[field] / 1000);
    const bound = { goal: '≤ 1.3 times + 0.5 s', met: ({ ours, peer }) => ours <= 1.3 * peer + 0.5 };
    const beside = { goal: '≤ 1.3 times', met: ({ ours, peer }) => ours <= 1.3 * peer };
    const common = { unit: 's', better: 'lower' };
    return [
      row({ ...common, name: 'copy-answer', what: 'a second Next app, answered', ours: seconds(found, 'answered'), ...atMost(1, 's') }),
      row({ ...common, name: 'copy-online', what: '… accepting', ours: seconds(found, 'online'), peer: seconds(found, 'alone'), peerName: 'npm run dev, ready folder', ...bound }),
      row({ ...common, name: 'copies-20', what: 'twenty Next apps at once, accepting', ours: seconds(found, 'took'), peer: seconds(found, 'loop'), peerName: 'cp -al, pm2 start', ...beside, notes: [`an app: ${digits(median(seconds(found, 'took')) / appCount)} s`] }),
      row({ name: 'copies-disk', what: '… disk an app, without .next', unit: 'MB', better: 'lower', ours: found.map((each) => each.disk), ...atMost(15, 'MB') }),
      ...real.map((each) =>
        row({ ...common, name: 'copies-real', what: 'five at once, where nothing can be linked', ours: seconds([each], 'took'), peer: seconds([each], 'loop'), peerName: 'cp -a, pm2 start', goal: '', met: () => null, notes: [`disk an app: ${digits(each.disk)} MB`] }),
      ),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
