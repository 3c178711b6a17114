// Lays the npm packages into build/packages, as folders and as what npm publishes: `node assemble.mjs PLATFORM...`, where
// each is built. Their versions are Berth's own.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../..', import.meta.url));
const packages = path.join(source, 'build/packages');
const every = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'];
const limit = 6_000_000; // bytes, unpacked
const version = readFileSync(path.join(source, 'CMakeLists.txt'), 'utf8').match(/project\(berth VERSION (\S+)/)[1];
const bridge = JSON.parse(readFileSync(path.join(source, 'src/pm2/bridge/package.json'), 'utf8'));

function lay(name, description, files, more) {
  const folder = path.join(packages, name.replace('/', '-').replace('@', ''));
  rmSync(folder, { recursive: true, force: true });
  for (const [to, from] of Object.entries({ LICENSE: 'LICENSE', 'README.md': 'README.md', ...files })) {
    mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    cpSync(path.join(source, from), path.join(folder, to), { recursive: true });
  }
  const about = { name, version, description, license: 'MIT', ...more };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(about, null, 2) + '\n');
  return folder;
}

function packed(folder) {
  const told = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', packages], { cwd: folder, encoding: 'utf8' });
  const [{ filename, size, unpackedSize }] = JSON.parse(told);
  const megabytes = (bytes) => (bytes / 1_000_000).toFixed(1).padStart(5);
  console.log(`${megabytes(unpackedSize)} MB unpacked, ${megabytes(size)} MB packed: ${path.relative(source, path.join(packages, filename))}`);
  return unpackedSize <= limit;
}

const built = process.argv.slice(2);
mkdirSync(packages, { recursive: true });
const made = built.map((platform) => {
  const [os, cpu] = platform.split('-');
  const folder = lay(`@berth-dev/${platform}`, `Berth's program for ${platform}; see berth-dev`, { 'bin/berth': `build/${platform}/berth` }, {
    os: [os],
    cpu: [cpu],
    preferUnplugged: true,
  });
  chmodSync(path.join(folder, 'bin/berth'), 0o755);
  return folder;
});

const scripts = readdirSync(path.join(source, 'src/pm2/bridge')).filter((name) => name.endsWith('.mjs'));
const parts = Object.fromEntries(['package.json', ...scripts].map((name) => [`bridge/${name}`, `src/pm2/bridge/${name}`]));
const whole = lay('berth-dev', 'Creates, runs, watches and tears down Next.js dev servers', { ...parts, web: 'frontend/dist', 'bin/berth.js': 'scripts/cross/berth.js' }, {
  bin: { berth: 'bin/berth.js' },
  engines: { node: '>=20.9' },
  dependencies: bridge.dependencies,
  optionalDependencies: Object.fromEntries(every.map((platform) => [`@berth-dev/${platform}`, version])),
});
chmodSync(path.join(whole, 'bin/berth.js'), 0o755);

const small = [...made, whole].map(packed);
if (small.includes(false)) {
  console.error(`a package is larger than ${limit / 1_000_000} MB`);
  process.exit(1);
}
