// Ports for tests and benchmarks. Without packages, as a benchmark has none of the tests'.
import net from 'node:net';

const free = (port) =>
  new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });

/** The first of `count` ports that are free together; outside the range the system gives out by itself. */
export async function freePorts(count) {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const all = await Promise.all(Array.from({ length: count }, (_, i) => free(first + i)));
    if (all.every(Boolean)) return first;
  }
}
