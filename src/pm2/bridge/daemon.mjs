// pm2's daemon is started by a process of its own (launch.mjs), never by the bridge: a daemon tells whoever started it that it is ready,
// and if that one is gone by then it takes this for an error and ends, with every app that was given to it meanwhile. And never while
// another is coming: pm2's client would start a second one, which waits for ever behind the first one's socket.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { takeLock } from './launch_lock.mjs';

// sockaddr_un: a longer path is cut off, and whoever listens there is not found. pm2's own client then waits for ever.
const longestSocketPath = process.platform === 'darwin' ? 103 : 107; // bytes

const patience = 5000; // ms; one that is coming listens after half a second, and one that never will must not bar the way
const launcher = fileURLToPath(new URL('launch.mjs', import.meta.url));

const read = (file) => {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
};

/** Whether a daemon of this PM2_HOME is on its way: it, or what starts it, runs. Always false where there is no /proc. */
function isComing(home) {
  let pids = [];
  try {
    pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {}
  return pids.some((pid) => {
    const command = read(`/proc/${pid}/cmdline`);
    if (!/God Daemon|pm2.lib.Daemon\.js/.test(command) && !command.includes(launcher)) return false;
    return `\0${read(`/proc/${pid}/environ`)}`.includes(`\0PM2_HOME=${home}\0`);
  });
}

/** Whether a daemon listens. The connection stays open, and its end, which is the daemon's, calls `gone`. */
const listens = (socketFile, gone) =>
  new Promise((resolve, reject) => {
    const socket = net.connect(socketFile);
    socket.on('error', ({ code }) => {
      if (code === 'EACCES' || code === 'EPERM')
        reject(new Error(`${socketFile} belongs to another user; set PM2_HOME to a folder of your own, or run Berth as that user`));
      else resolve(false);
    });
    socket.once('connect', () => {
      socket.once('close', gone);
      resolve(true);
    });
  });

/** Resolves when it has ended, well or badly. It outlives us if need be: it has a session of its own and no pipe to us. */
const launch = (home) =>
  new Promise((resolve) => {
    const child = childProcess.spawn(process.execPath, [launcher], {
      env: { ...process.env, PM2_HOME: home },
      stdio: 'ignore',
      detached: true,
    });
    child.once('exit', resolve).once('error', resolve);
  });

/**
 * Resolves when a daemon listens; rejects when it cannot be started. The server bounds the wait. From then on `gone` is called when
 * that daemon ends, also while pm2's client still connects: it would wait for the next one for ever.
 */
export async function ensureDaemon({ PM2_HOME: home, DAEMON_RPC_PORT: socketFile }, gone) {
  if (Buffer.byteLength(socketFile) > longestSocketPath)
    throw new Error(`the path of its socket is too long (${socketFile}); set PM2_HOME to a shorter path`);
  const begun = performance.now();
  let release = null; // of the lock, while we have it
  let launches = 0;
  let launching = null;
  try {
    const mayStart = async () => !isComing(home) && (release ??= await takeLock(home));
    while (!(await listens(socketFile, gone))) {
      const isLate = performance.now() - begun >= patience;
      // Twice: while we looked, another may have started one, and have let go of the lock.
      const waits = launching || (!isLate && !((await mayStart()) && !(await listens(socketFile, gone)) && !isComing(home)));
      if (!waits) {
        if (launches++ === 3) throw new Error('it ends as soon as it is started');
        launching = launch(home).then(() => (launching = null));
      }
      // Not for the launcher: somebody else's daemon may be there before, and ours then waits behind its socket.
      await Promise.race([launching ?? new Promise(() => {}), new Promise((resolve) => setTimeout(resolve, 20))]);
    }
  } finally {
    release?.();
  }
}
