// Projects of somebody's own, for Berth to adopt: small ones that `npm run dev` serves, and what shows that nothing in them was touched.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const smallApp = fileURLToPath(new URL('./small-app.mjs', import.meta.url));

/** The small app of the tests, in a folder of anybody's. `files`: what else lies in it, by path. */
export function makeProject(folder, files = {}) {
  execFileSync(process.execPath, [smallApp, folder]);
  for (const [name, text] of Object.entries({ 'package-lock.json': '{}', ...files })) {
    if (text === null) continue;
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

export const git = (folder, ...words) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: folder, encoding: 'utf8' });

/** One value for everything in the folder: names, kinds, modes, times of the last change, contents, where links lead. */
export function fingerprint(folder) {
  const sum = createHash('sha256');
  const add = (where) => {
    const s = lstatSync(where, { bigint: true });
    sum.update(`${path.relative(folder, where)}\0${s.mode}\0${s.uid}\0${s.nlink}\0${s.ino}\0${s.mtimeNs}\0`);
    if (s.isSymbolicLink()) sum.update(readlinkSync(where));
    else if (s.isFile()) sum.update(readFileSync(where));
    else for (const name of readdirSync(where).sort()) add(path.join(where, name));
  };
  add(folder);
  return sum.digest('hex');
}

/** Its dev server, run by hand in a terminal: a process group of its own. */
export function runByHand(folder, port) {
  const child = spawn('npm', ['run', 'dev'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port) },
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.once('exit', done));
  return {
    pid: child.pid,
    ended,
    async end() {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {}
      await ended;
    },
  };
}
