// Reads a second and their p99 against the number of connections, for the graph. One round at each number: a picture, not a figure to
// argue with; those are in reads.mjs.
import { wrk } from '../support/wrk.mjs';

export const needs = 'stage';

/** The baseline needs some seconds before the first of a thousand connections has an answer. */
const secondsFor = (server, connections) => (server !== 'baseline' ? 1 : connections > 256 ? 5 : 2);

export async function run(stage, { quick }) {
  const baseline = await stage.startBaseline();
  const nginx = await stage.startNginx();
  const ports = { berth: stage.port, baseline: stage.baselinePort, nginx: stage.nginxPort };
  const points = [];
  try {
    for (let connections = 1; connections <= 2048; connections *= quick ? 4 : 2)
      for (const [server, port] of Object.entries(ports)) {
        const { rate, p50, p99 } = await wrk(port, connections, secondsFor(server, connections));
        if (rate === 0) console.error(`${server} answered nothing to ${connections} connections; left out of the graph`);
        if (rate === 0) continue;
        points.push({ server, connections, rate, p50, p99 });
      }
  } finally {
    await baseline.stop();
    await nginx.stop();
  }
  return { points };
}
