// Small npm projects that install without a network: their one dependency is a package in a tarball beside them. And a stand-in
// for create-next-app, found by npx in the PATH's place, that makes one.
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';

const server = `
const word = require('leftover');
require('node:http').createServer((request, response) => response.end(word + ' ' + process.env.PORT)).listen(Number(process.env.PORT));
`;

/** A package of its own, packed: `leftover` with some files, or with as many as `files` says. */
export function packPackage(folder, { name = 'leftover', version = '1.0.0', files = 3, scripts } = {}) {
  const source = path.join(folder, `${name}-${version}`);
  mkdirSync(path.join(source, 'lib'), { recursive: true });
  writeFileSync(
    path.join(source, 'package.json'),
    JSON.stringify({ name, version, main: 'index.js', bin: { [name]: 'bin.js' }, ...(scripts && { scripts }) }),
  );
  writeFileSync(path.join(source, 'index.js'), `module.exports = '${name} ${version}';\n`);
  writeFileSync(path.join(source, 'bin.js'), `#!/usr/bin/env node\nconsole.log('${name}');\n`);
  for (let i = 0; i < files; i++) writeFileSync(path.join(source, 'lib', `file-${i}.js`), `module.exports = ${i};\n`);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, source], { cwd: folder });
  return path.join(folder, `${name}-${version}.tgz`);
}

/** A project that depends on the tarball, which lies in it; not installed, no lock file unless \`lock\`. */
export function makeProject(folder, tarball, { lock = false, extra = {} } = {}) {
  mkdirSync(path.join(folder, 'vendor'), { recursive: true });
  const file = path.join('vendor', path.basename(tarball));
  writeFileSync(path.join(folder, file), readFileSync(tarball));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify(
      { name: 'a-project', version: '1.0.0', private: true, scripts: { dev: 'node server.cjs' }, dependencies: { leftover: `file:${file}` }, ...extra },
      null,
      2,
    ) + '\n',
  );
  writeFileSync(path.join(folder, 'server.cjs'), server);
  writeFileSync(path.join(folder, '.gitignore'), '/node_modules\n/.next\n');
  if (lock) execFileSync('npm', ['install', '--package-lock-only', '--offline', '--silent'], { cwd: folder });
  return folder;
}

/** A folder for the PATH whose `npx` makes a copy of the project, as `npx create-next-app DIR` would, and installs it. It waits
 *  for the file `RELEASE` in `folder` where \`waits\`, and adds a line to `runs` in it each time. */
export function standInForNpx(folder, project, { waits = false } = {}) {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(
    path.join(bin, 'npx'),
    `#!${process.execPath}
const fs = require('node:fs');
const directory = process.argv[4];
fs.appendFileSync(${JSON.stringify(path.join(folder, 'runs'))}, directory + '\\n');
console.log('Creating a new Next.js app in ' + directory);
const make = () => {
  if (${waits} && !fs.existsSync(${JSON.stringify(path.join(folder, 'RELEASE'))})) return setTimeout(make, 20);
  fs.cpSync(${JSON.stringify(project)}, directory, { recursive: true });
  require('node:child_process').execFileSync('npm', ['install', '--offline', '--silent'], { cwd: directory, stdio: 'inherit' });
};
make();
`,
  );
  chmodSync(path.join(bin, 'npx'), 0o755);
  return `${bin}:${process.env.PATH}`;
}

/** Installs a package of the registry into a new folder, as this machine's npm is set up to (a --prefix would hide its settings);
 *  returns the folder of its commands, whose name is not node_modules/.bin: such a one is nobody's own PATH. */
export async function installTool(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', wanted], { cwd: folder, timeout: 120_000 });
  symlinkSync('node_modules/.bin', path.join(folder, 'bin'));
  return path.join(folder, 'bin');
}

/** Every file, folder and link below: kind, mode, time of change to the nanosecond, and content. */
export function snapshot(folder, leaveOut = []) {
  const all = {};
  const walk = (at) => {
    for (const name of readdirSync(path.join(folder, at)).sort()) {
      const relative = path.join(at, name);
      if (leaveOut.includes(relative)) continue;
      const whole = path.join(folder, relative);
      const s = lstatSync(whole, { bigint: true });
      const about = `${(s.mode & 0o7777n).toString(8)} ${s.mtimeNs}`;
      if (s.isSymbolicLink()) all[relative] = `link ${s.mtimeNs} ${readlinkSync(whole)}`;
      else if (s.isDirectory()) all[relative] = `folder ${about}`;
      else all[relative] = `file ${about} ${createHash('sha256').update(readFileSync(whole)).digest('hex')}`;
      if (s.isDirectory()) walk(relative);
    }
  };
  walk('.');
  return all;
}

export const inode = (file) => lstatSync(file).ino;
