// Who may start pm2's daemon: two Berths on one pm2 would start two. Whoever is killed with the lock in its hand has lost it.
//
// On Linux a name for a socket that has no file (unix(7), abstract): the kernel gives it to one, and takes it back when that one ends,
// however it ends. Elsewhere a file that names a process, which two may take at once where it was left over.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return pid > 0;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function holderOf(file) {
  try {
    return Number(fs.readFileSync(file, 'latin1'));
  } catch {
    return 0;
  }
}

function takeFile(file) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    const holder = holderOf(file);
    if (error.code === 'EEXIST' && isAlive(holder)) return null;
    if (error.code === 'EEXIST') {
      fs.rmSync(file, { force: true });
      return takeFile(file);
    } // else nobody can have it
  }
  return () => holderOf(file) === process.pid && fs.rmSync(file, { force: true });
}

const takeName = (name) =>
  new Promise((resolve) => {
    const server = net.createServer((visitor) => visitor.destroy());
    const free = () => server.close();
    server.once('error', ({ code }) => resolve(code === 'EADDRINUSE' ? null : () => {})); // else nobody can have it
    server.listen(`\0${name}`, () => resolve(free)).unref();
  });

/** For the daemon of this PM2_HOME: what lets go of it again; null: somebody else has it. */
export async function takeLock(home) {
  const file = path.join(home, 'berth-launch.lock');
  return process.platform === 'linux' ? takeName(file) : takeFile(file);
}
