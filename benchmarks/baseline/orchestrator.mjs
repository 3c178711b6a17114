// The document's own design (requirements sections 3, 4 and 6.2), as literally as it can be run: every read connects to pm2, lists,
// writes what it saw into manifest.json, disconnects, reads the manifest and answers. The peer that Berth is measured against.
//
// One thing was added, to its advantage: reads are done one after another. pm2's connection is one for the whole module, and where
// reads overlap they connect and disconnect it for each other: BASELINE_OVERLAP=1 shows it. Eight connections are then served about as
// fast as without, at 64 the process ends with an error out of pm2's client.
import { createRequire } from 'node:module';
import fs from 'node:fs/promises';
import path from 'node:path';

const pm2 = createRequire(new URL('../../src/pm2/bridge/package.json', import.meta.url))('pm2');

const namespace = 'app-orchestrator';
const overlap = process.env.BASELINE_OVERLAP === '1';

let last = Promise.resolve();
const inTurn = (work) => {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
};

/** Section 7.3. */
function withPm2(fn) {
  return new Promise((resolve, reject) => {
    pm2.connect((err) => {
      if (err) return reject(err);
      fn(pm2)
        .then(resolve)
        .catch(reject)
        .finally(() => pm2.disconnect());
    });
  });
}

export class Orchestrator {
  constructor(root) {
    this.file = path.join(root, 'manifest.json');
  }

  async read() {
    return JSON.parse(await fs.readFile(this.file, 'utf8'));
  }

  /** Section 4.3. */
  sync() {
    return withPm2(async () => {
      const manifest = await this.read();
      const rows = await new Promise((resolve, reject) => pm2.list((err, list) => (err ? reject(err) : resolve(list))));
      const byPort = new Map();
      for (const row of rows) if (row.pm2_env.namespace === namespace) byPort.set(Number(row.pm2_env.PORT), row);
      for (const app of Object.values(manifest.apps)) {
        const row = byPort.get(app.port);
        if (row) {
          Object.assign(app, {
            pmId: row.pm_id,
            pid: row.pid,
            status: row.pm2_env.status,
            memoryMB: Math.round(row.monit.memory / 1024 / 1024),
            cpuPercent: row.monit.cpu,
            startedAt: row.pm2_env.pm_uptime,
            restarts: row.pm2_env.restart_time,
          });
        } else {
          Object.assign(app, { pmId: null, pid: 0, status: 'unknown', memoryMB: 0, cpuPercent: 0 });
        }
      }
      await fs.writeFile(this.file, JSON.stringify(manifest, null, 2));
    });
  }

  /** Section 6.2. */
  listApps() {
    const list = async () => {
      await this.sync();
      const manifest = await this.read();
      return Object.values(manifest.apps).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    };
    return overlap ? list() : inTurn(list);
  }
}
