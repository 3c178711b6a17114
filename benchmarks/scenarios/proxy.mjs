// An app by its name: Berth and nginx in turn as a proxy to one small Node server, which Berth runs; and that server alone, for what
// either adds. Both proxies keep their connections to it.
import { atLeast, row, under } from '../support/row.mjs';
import { Stage, source } from '../support/stage.mjs';
import { digits, median } from '../support/stats.mjs';
import { until } from '../support/program.mjs';
import { wrk } from '../support/wrk.mjs';

export const needs = 'nothing';

const ways = ['berth', 'nginx', 'alone'];

export async function run(_, { rounds, quick }) {
  const stage = await Stage.open({ scaffold: `${process.execPath} ${source}/benchmarks/support/hello-app.mjs` });
  let nginx;
  try {
    await stage.serve();
    await stage.api('POST', '/api/apps', { name: 'hello' });
    const app = await until('the app is online', async () => (await stage.apps()).find((each) => each.status === 'online'));
    nginx = await stage.startNginxProxy(app.port);
    const host = `${app.slug}.localhost:${stage.port}`;
    const to = { berth: [stage.port, { path: '/', host }], nginx: [stage.nginxPort, { path: '/' }], alone: [app.port, { path: '/' }] };
    const measure = async (connections) => {
      const found = { berth: [], nginx: [], alone: [] };
      for (let i = 0; i < rounds; i++)
        for (const way of ways) found[way].push(await wrk(to[way][0], connections, quick ? 1 : 3, to[way][1]));
      return found;
    };
    await measure(64); // the app's own code is compiled by its engine meanwhile
    const many = await measure(64);
    const one = await measure(1);
    const all = (found, field) => found.map((each) => each[field]);
    const added = (way) => one[way].map((each, i) => each.p50 - one.alone[i].p50);
    const troubles = ways.flatMap((way) => {
      const bad = [...many[way], ...one[way]].reduce((sum, each) => sum + each.failed + each.timeouts + each.status, 0);
      return bad ? [`${way}: ${bad} failed or not 200`] : [];
    });
    return [
      row({
        name: 'proxy-64', what: 'an app by its name, 64 connections', unit: 'requests/s', better: 'higher',
        ours: all(many.berth, 'rate'), peer: all(many.nginx, 'rate'), peerName: 'nginx', ...atLeast(0.5),
        notes: [...ways.map((way) => `${way}: ${digits(median(all(many[way], 'rate')))}/s, p50 ${digits(median(all(many[way], 'p50')))} ms, p99 ${digits(median(all(many[way], 'p99')))} ms`), ...troubles],
      }),
      row({
        name: 'proxy-added', what: '… time added to one request (p50), 1 connection', unit: 'ms', better: 'lower',
        ours: added('berth'), peer: added('nginx'), peerName: 'nginx', ...under(1, 'ms'),
        notes: ways.map((way) => `${way}: p50 ${digits(median(all(one[way], 'p50')))} ms`),
      }),
    ];
  } finally {
    await nginx?.stop();
    await stage.close();
  }
}
