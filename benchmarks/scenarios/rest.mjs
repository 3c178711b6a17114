// At rest: twenty apps that do nothing, one dashboard. Ours: a fresh server with one WebSocket client. The peer: the baseline, with one
// client that polls every 3 s, as the document has it.
import WebSocket from 'ws';

import { digits, median } from '../support/stats.mjs';
import { cpuSeconds, now, pause, request, statusKB } from '../support/program.mjs';
import { row, under } from '../support/row.mjs';

export const needs = 'stage';

const window = 6000; // ms: two of the syncs and polls, which come every 3 s

/** Memory in MB and processor use in percent of a core, over one window. */
async function rest(pid, others) {
  const at = now();
  const cpu = cpuSeconds(pid);
  const before = Object.values(others).map(cpuSeconds);
  await pause(window);
  const percent = (used) => (100 * used * 1000) / (now() - at);
  const rest = Object.fromEntries(Object.entries(others).map(([name, other], i) => [name, percent(cpuSeconds(other) - before[i])]));
  return { memory: statusKB(pid, 'VmRSS') / 1024, cpu: percent(cpuSeconds(pid) - cpu), ...rest };
}

export async function run(stage, { rounds }) {
  await stage.berth.stop();
  await stage.serve();
  await stage.allAre('online');
  await pause(3000); // pm2 has finished what it does after a start
  const baseline = await stage.startBaseline();
  const daemon = stage.pm2DaemonPid;
  const bridge = (await stage.api('GET', '/api/health')).pm2.bridgePid;
  const ours = [];
  const peer = [];
  try {
    for (let i = 0; i < rounds; i++) {
      const socket = new WebSocket(`ws://localhost:${stage.port}/api/events`);
      await new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject));
      await pause(500);
      ours.push(await rest(stage.berth.pid, { bridge, daemon }));
      socket.terminate();
      await pause(500);

      const poll = () => request(stage.baselinePort, 'GET', '/api/apps');
      await poll();
      const timer = setInterval(poll, 3000);
      peer.push(await rest(baseline.pid, { daemon }));
      clearInterval(timer);
    }
  } finally {
    await baseline.stop();
  }
  const all = (list, field) => list.map((each) => each[field]);
  const peerName = 'baseline, polled';
  const mb = (pid) => digits(statusKB(pid, 'VmRSS') / 1024);
  const processes = [
    `besides: the bridge to pm2 (Node) ${mb(bridge)} MB, ${digits(median(all(ours, 'bridge')))} % of a core; pm2's daemon ${mb(daemon)} MB, ${digits(median(all(ours, 'daemon')))} % (${digits(median(all(peer, 'daemon')))} % under the baseline)`,
  ];
  return [
    row({ name: 'rest-memory', what: 'at rest, 20 apps, one dashboard: resident', unit: 'MB', better: 'lower', ours: all(ours, 'memory'), peer: all(peer, 'memory'), peerName, ...under(15, 'MB'), notes: processes }),
    row({ name: 'rest-cpu', what: '… of a core', unit: '%', better: 'lower', ours: all(ours, 'cpu'), peer: all(peer, 'cpu'), peerName, ...under(0.5, '%') }),
  ];
}
