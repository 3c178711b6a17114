// GET /api/apps with twenty apps: Berth, the baseline and nginx in turn, each for a while, five times over. Every answer of Berth's is
// from a sync that began after the read came; the baseline's too; nginx hands out a file.
import { median, digits } from '../support/stats.mjs';
import { atLeast, row, under } from '../support/row.mjs';
import { wrk } from '../support/wrk.mjs';

export const needs = 'stage';

const servers = ['berth', 'baseline', 'nginx'];

/** Each server's figures, a list of rounds. */
async function measure(ports, connections, rounds, seconds) {
  const figures = { berth: [], baseline: [], nginx: [] };
  for (let i = 0; i < rounds; i++) for (const each of servers) figures[each].push(await wrk(ports[each], connections, seconds[each]));
  return figures;
}

const troubles = (name, rounds) => {
  const sum = (field) => rounds.reduce((all, r) => all + r[field], 0);
  const failed = sum('failed') + sum('timeouts') + sum('status');
  return failed ? [`${name}: ${sum('failed')} failed, ${sum('timeouts')} over 30 s, ${sum('status')} not 200`] : [];
};

const all = (rounds, field) => rounds.map((r) => r[field]);
const latency = (name, rounds) => `${name}: p50 ${digits(median(all(rounds, 'p50')))} ms, p99 ${digits(median(all(rounds, 'p99')))} ms`;

export async function run(stage, { rounds, quick }) {
  const baseline = await stage.startBaseline();
  const nginx = await stage.startNginx();
  const ports = { berth: stage.port, baseline: stage.baselinePort, nginx: stage.nginxPort };
  const seconds = { berth: 2, baseline: quick ? 2 : 3, nginx: 1 };
  const rows = [];
  try {
    for (const [connections, times] of [
      [64, 50],
      [512, 300],
    ]) {
      const of = await measure(ports, connections, rounds, seconds);
      const common = { unit: 'reads/s', better: 'higher', ours: all(of.berth, 'rate') };
      const notes = servers.flatMap((each) => [latency(each, of[each]), ...troubles(each, of[each])]);
      const what = `GET /api/apps, ${connections} connections`;
      rows.push(row({ ...common, name: `reads-${connections}`, what, peer: all(of.baseline, 'rate'), peerName: 'baseline', ...atLeast(times), notes }));
      const nginxGoal = connections === 512 ? atLeast(0.5) : { goal: '', met: () => null };
      rows.push(row({ ...common, name: `reads-${connections}-nginx`, what: '… beside a file from nginx', peer: all(of.nginx, 'rate'), peerName: 'nginx', ...nginxGoal }));
      if (connections === 512)
        rows.push(row({ name: 'reads-512-p99', what: '… 99 % answered within', unit: 'ms', better: 'lower', ours: all(of.berth, 'p99'), peer: all(of.nginx, 'p99'), peerName: 'nginx', ...under(60, 'ms') }));
    }
  } finally {
    await baseline.stop();
    await nginx.stop();
  }
  return rows;
}
