// Whether something listens.
import net from 'node:net';

import { until } from './program.mjs';

export const accepts = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, 'localhost');
    socket.once('connect', () => resolve(true) ?? socket.destroy()).once('error', () => resolve(false));
  });

/** Returns when all of so many ports, from the first on, accept; or, with `wanted` false, when none does. */
export async function accepting(first, count, wanted = true) {
  for (let i = 0; i < count; i++) await until(`port ${first + i}`, async () => (await accepts(first + i)) === wanted, 180);
}
