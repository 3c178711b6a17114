// Clients who ask for large answers and never read them: others are served as before, and memory stays flat.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { Wire, resident } from './support/raw.mjs';

const id = 'aaaaaaaa01';
const app = {
  id, name: 'talker', category: null, directory: `./created-apps/${id}`, port: 20_001, createdAt: '2026-01-31T14:30:00.000Z',
  pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0,
};
const readers = 60;

/** How long a small request takes, milliseconds: sorted figures, of 20 at least and until `over` says so. */
async function times(berth, over = () => true) {
  const all = [];
  while (all.length < 20 || !over()) {
    const begun = performance.now();
    assert.equal((await fetch(`${berth.url}/api/operations`)).status, 200);
    all.push(performance.now() - begun);
  }
  return all.sort((a, b) => a - b);
}
const median = (sorted) => sorted[sorted.length >> 1];

test(`${readers} clients who ask for 8 MiB of logs each and read nothing hold nobody up and cost little`, { timeout: 240_000 }, async () => {
  const berth = await Berth.start({
    manifest: JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: { [id]: app } }),
    prepare: (root) => {
      mkdirSync(path.join(root, 'logs'));
      // 1 MiB of control characters is 6 MiB as JSON.
      writeFileSync(path.join(root, 'logs', `orch-${id}-out.log`), '\x01'.repeat(2 << 20));
      writeFileSync(path.join(root, 'logs', `orch-${id}-error.log`), `${'x'.repeat(127)}\n`.repeat(16 << 10));
    },
  });
  const wires = [];
  try {
    const logs = `/api/apps/${id}/logs?tail=10000`;
    const read = () => fetch(berth.url + logs).then((answer) => answer.json()); // a failure shall not print it
    assert.equal((await read()).stdout.length, 1 << 20);
    const alone = median(await times(berth));
    const before = resident(berth.child.pid);
    for (let i = 0; i < readers; i++)
      wires.push(new Wire(berth.port, { read: false }).send(`GET ${logs} HTTP/1.1\r\nHost: localhost:${berth.port}\r\n\r\n`));
    await Promise.all(wires.map((wire) => wire.connected));
    // Until memory has not grown for a second: no answer is made any more.
    let peak = before;
    let grown = performance.now();
    const beside = await times(berth, () => {
      const now = resident(berth.child.pid);
      if (now > peak) [peak, grown] = [now, performance.now()];
      return performance.now() - grown > 1000;
    });
    console.log(`another GET: median ${median(beside).toFixed(1)} ms, longest ${beside.at(-1).toFixed(1)} ms of ${beside.length}, median alone ${alone.toFixed(1)} ms; memory +${(peak - before).toFixed(1)} MiB`);
    // Generous, for machines that are busy otherwise: on the reactor each of these answers took half a second.
    assert.ok(median(beside) < Math.max(50, 10 * alone), `another GET took ${median(beside)} ms`);
    assert.ok(beside.at(-1) < Math.max(2000, 50 * alone), `one took ${beside.at(-1)} ms`);
    assert.ok(peak - before < 60, `memory grew by ${peak - before} MiB`);
    for (const wire of wires) wire.close();
    assert.ok((await read()).stderr.length > 1e6, 'when they are gone, logs are there again');
  } finally {
    for (const wire of wires) wire.close();
    await berth.close();
  }
});
