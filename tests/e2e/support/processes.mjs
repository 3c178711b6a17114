// What runs on the machine, read from /proc: tests say by it that nothing was left behind.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import net from 'node:net';

const read = (path) => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

export function processes() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      const stat = read(`/proc/${name}/stat`);
      const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      let cwd = '';
      try {
        cwd = readlinkSync(`/proc/${name}/cwd`);
      } catch {}
      return {
        pid: Number(name),
        state: rest[0],
        ppid: Number(rest[1]),
        name: read(`/proc/${name}/comm`).trim(),
        command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
        cwd,
      };
    })
    .filter((p) => p.state && p.state !== 'Z');
}

/** Processes whose environment has exactly this NAME=value. */
export function withEnvironment(entry) {
  return processes().filter((p) => `\0${read(`/proc/${p.pid}/environ`)}`.includes(`\0${entry}\0`));
}

/** Processes whose working directory is the folder or below it. */
export function workingIn(folder) {
  return processes().filter((p) => p.cwd === folder || p.cwd.startsWith(`${folder}/`) || p.cwd === `${folder} (deleted)`);
}

/** The process and all that descend from it. */
export function tree(root) {
  const all = processes();
  const found = all.filter((p) => p.pid === root);
  for (const p of found) found.push(...all.filter((c) => c.ppid === p.pid));
  return found;
}

export function isAlive(pid) {
  return processes().some((p) => p.pid === pid);
}

/** The addresses on which somebody listens at the port: '127.0.0.1', '0.0.0.0', '::' … */
export function listenersOn(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const addresses = ['tcp', 'tcp6'].flatMap((file) =>
    read(`/proc/net/${file}`)
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => state === '0A' && local.endsWith(`:${hex}`))
      .map(([, local]) => local.split(':')[0]),
  );
  const names = { '0100007F': '127.0.0.1', '00000000': '0.0.0.0', [`${'0'.repeat(24)}01000000`]: '::1', ['0'.repeat(32)]: '::' };
  return addresses.map((address) => names[address] ?? address);
}

/** Resolves to whether something accepts connections on the port. */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, 'localhost');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
