// The truth that Berth is held against: processes and sockets from /proc, pm2's table from its own socket (without starting a daemon,
// which the pm2 command would), and the root's folders.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(fileURLToPath(new URL('../../../src/pm2/bridge/', import.meta.url)));
const axon = require('./node_modules/pm2/modules/pm2-axon');
const rpc = require('./node_modules/pm2/modules/pm2-axon-rpc');

const read = (file) => {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};
const link = (file) => {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
};
export const names = (folder) => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Set in the environment of a second Berth on the same pm2, and so of its bridge and of its apps. */
export const neighbourMark = 'BERTH_CHAOS_NEIGHBOUR';

/** Every process that Berth, its bridge or pm2 has started: their environment has this PM2_HOME. Without what is the neighbour's. */
export function family(pm2Home) {
  const marker = `\0PM2_HOME=${pm2Home}\0`;
  const found = [];
  for (const name of names('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const block = `\0${read(`/proc/${name}/environ`)}`;
    if (!block.includes(marker)) continue;
    const stat = read(`/proc/${name}/stat`);
    const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (!rest[1] || rest[0] === 'Z') continue;
    const variable = (key) => new RegExp(`\0${key}=([^\0]*)\0`).exec(block)?.[1] ?? null;
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
    const isDaemon = /God Daemon|\/pm2\/lib\/Daemon\.js/.test(command);
    if (variable(neighbourMark) && !isDaemon && !command.includes('bridge/launch.mjs')) continue;
    found.push({
      pid: Number(name),
      parent: Number(rest[1]),
      state: rest[0],
      command,
      cwd: link(`/proc/${name}/cwd`),
      app: /^orch-(.+)$/.exec(variable('name') ?? '')?.[1] ?? null,
      scaffolds: variable('BERTH_SCAFFOLD'),
      isDaemon,
      isBridge: /bridge\/bridge\.mjs/.test(command),
    });
  }
  return found;
}

/** The process and all of the family that descend from it. */
export function treeOf(root, all) {
  const found = all.filter((p) => p.pid === root);
  for (const p of found) found.push(...all.filter((child) => child.parent === p.pid));
  return found;
}

/** Ports on which one of these processes listens. */
export function listening(processes) {
  const ports = new Map(); // inode -> port
  for (const table of ['tcp', 'tcp6'])
    for (const line of read(`/proc/net/${table}`).split('\n').slice(1)) {
      const words = line.trim().split(/\s+/);
      if (words[3] === '0A') ports.set(words[9], parseInt(words[1].split(':')[1], 16));
    }
  const found = new Set();
  for (const { pid } of processes)
    for (const fd of names(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
      if (ports.has(inode)) found.add(ports.get(inode));
    }
  return found;
}

/** pm2's table, all namespaces: [{name, pmId, pid, status, port, namespace, cwd}]; null when no daemon answers within 2 s. */
export function pm2Table(pm2Home) {
  return new Promise((resolve) => {
    const socket = axon.socket('req');
    const client = new rpc.Client(socket);
    const end = (table) => {
      clearTimeout(timer);
      socket.close();
      resolve(table);
    };
    const timer = setTimeout(() => end(null), 2000);
    socket.once('reconnect attempt', () => end(null));
    socket.on('error', () => end(null));
    socket.once('connect', () =>
      client.call('getMonitorData', {}, (error, rows) =>
        end(
          error
            ? null
            : rows.map(({ name, pid, pm_id, pm2_env }) => ({
                name,
                pmId: pm_id,
                pid: pid ?? 0,
                status: pm2_env.status,
                port: Number(pm2_env.PORT),
                namespace: pm2_env.namespace,
                cwd: pm2_env.pm_cwd,
              })),
        ),
      ),
    );
    socket.connect(path.join(pm2Home, 'rpc.sock'));
  });
}

function ageOf(file) {
  try {
    return Date.now() - statSync(file).ctimeMs;
  } catch {
    return Infinity; // gone meanwhile
  }
}

/** What lies in the root, by folder; dot files included. `fresh`: the logs that were written in the last 15 s. */
export function folders(root) {
  const inside = (...parts) => names(path.join(root, ...parts)).sort();
  return {
    root: inside(),
    apps: inside('created-apps'),
    logs: inside('logs'),
    fresh: inside('logs').filter((name) => ageOf(path.join(root, 'logs', name)) < 15_000),
    journal: inside('.berth', 'journal'),
    trash: inside('.berth', 'trash'),
    backups: inside('.berth', 'backups'),
  };
}
