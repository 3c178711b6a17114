// Runs the scenarios and prints what they found: see README.md. Started by benchmarks/run, which builds what is needed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { graph } from './support/graph.mjs';
import { machine } from './support/machine.mjs';
import { now } from './support/program.mjs';
import { Stage, built, source } from './support/stage.mjs';
import { about, notes, table } from './support/table.mjs';

const names = [
  'start', 'rest', 'reads', 'agents', 'curve', 'fanout', 'burst', 'exits', 'twenty', 'copies', 'pages', 'wake', 'proxy', 'micro',
];

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    template: { type: 'string' },
  },
});
const wanted = options.only ?? names;
for (const name of wanted)
  if (!names.includes(name)) {
    console.error(`There is no scenario ${name}; there are: ${names.join(', ')}.`);
    process.exit(2);
  }
const settings = { rounds: Number(options.rounds ?? (options.quick ? 3 : 5)), quick: options.quick ?? false, template: options.template };
const say = (text) => process.stderr.write(`${text}\n`);

/** Google Benchmark's own table; it needs no stage. */
function micro() {
  const { stdout, status, error } = spawnSync(path.join(built, 'berth_micro'), ['--benchmark_format=json', '--benchmark_min_time=0.2'], { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error('berth_micro failed');
  return JSON.parse(stdout).benchmarks.map(({ name, cpu_time: time, time_unit: unit, processes, listeners }) => ({ name, time, unit, processes, listeners }));
}

const result = { machine: machine(), rows: [] };
let stage = null;
try {
  for (const name of wanted) {
    const begun = now();
    say(`${name} …`);
    if (name === 'micro') {
      result.micro = micro();
    } else {
      const scenario = await import(`./scenarios/${name}.mjs`);
      if (scenario.needs === 'stage' && !stage) {
        stage = await Stage.open();
        await stage.serve();
        await stage.createAll();
      }
      if (scenario.needs === 'nothing' && stage) {
        await stage.close();
        stage = null;
      }
      const found = await scenario.run(stage, settings);
      if (Array.isArray(found)) result.rows.push(...found);
      else Object.assign(result, found);
    }
    say(`${name}: ${((now() - begun) / 1000).toFixed(0)} s`);
  }
} finally {
  await stage?.close();
}

if (result.points) {
  mkdirSync(path.join(source, 'benchmarks/results'), { recursive: true });
  writeFileSync(path.join(source, 'benchmarks/results/reads.svg'), graph(result.points));
}
if (wanted === names && !settings.quick) writeFileSync(path.join(source, 'benchmarks/results/latest.json'), `${JSON.stringify(result, null, 1)}\n`);
if (options.json) {
  console.log(JSON.stringify(result, null, 2));
} else {
  console.log(about(result.machine));
  if (result.rows.length) console.log(`\n${table(result.rows)}\n\n${notes(result.rows)}`);
  for (const m of result.micro ?? []) console.log(`${m.name.padEnd(24)} ${m.time.toPrecision(3).padStart(8)} ${m.unit}${m.processes ? ` (${m.processes} processes)` : ''}`);
}
process.exit(result.rows.some((r) => r.met === false) ? 1 : 0);
