// The npm packages as whoever has no compiler gets them: installed from build/packages (scripts/package makes them) into a prefix
// and a HOME of their own, with little more than Node on the PATH.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Berth } from './support/berth.mjs';
import { Run } from './support/cli.mjs';

const packages = fileURLToPath(new URL('../../build/packages', import.meta.url));
const about = (folder) => JSON.parse(readFileSync(path.join(packages, folder, 'package.json'), 'utf8'));
const which = (name) => realpathSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim());

describe('the npm packages', { timeout: 240_000 }, () => {
  let home, berth, environment, prefix, shim;

  before(async () => {
    assert.ok(existsSync(path.join(packages, 'berth-dev-linux-x64')), 'there are no packages: run scripts/package first');
    home = mkdtempSync(path.join(os.tmpdir(), 'berth-package-'));
    prefix = path.join(home, 'prefix');
    const bin = path.join(home, 'bin');
    mkdirSync(bin);
    for (const name of ['node', 'npm', 'npx', 'sh', 'env', 'ps', 'sed', 'dirname', 'uname', 'cat', 'sleep']) symlinkSync(which(name), path.join(bin, name));
    const cache = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim();
    environment = { ...process.env, HOME: home, PATH: `${path.join(prefix, 'bin')}:${bin}`, npm_config_cache: cache };
    const { version } = about('berth-dev');
    const files = ['berth-dev', 'berth-dev-linux-x64'].map((name) => path.join(packages, `${name}-${version}.tgz`));
    const flags = ['--global', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline'];
    const npm = spawnSync('npm', ['install', ...flags, ...files], { env: environment, encoding: 'utf8' });
    assert.equal(npm.status, 0, npm.stdout + npm.stderr);
    shim = path.join(prefix, 'bin/berth');
    berth = await Berth.start({ environment, through: ['sh', '-c', 'shift; exec "$0" "$@"', shim] });
  });
  after(async () => {
    await berth?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (...words) => new Run(shim, words, { ...environment, BERTH_URL: berth.url }).end();

  test('an app from create to rm, without a compiler', async () => {
    const made = await run('create', 'packed', '--wait');
    assert.equal(made.code, 0, made.stdout + made.stderr);
    const [app] = (await berth.get('/api/apps')).body;
    assert.equal(app.status, 'online');
    assert.ok(app.memoryMB > 0);
    assert.match((await run('ls')).stdout, /packed +online/);
    const variables = JSON.parse(await berth.ask(app, '/env'));
    assert.equal(variables.BERTH_PACKAGE, undefined, 'how Berth was started is no business of its apps');
    assert.equal((await run('stop', 'packed')).code, 0);
    assert.equal((await berth.app(app.id)).status, 'stopped');
    assert.equal((await run('rm', 'packed', '--yes')).code, 0);
    assert.deepEqual((await berth.get('/api/apps')).body, []);
  });

  test('the dashboard is served from the package', async () => {
    const page = await fetch(berth.url).then((answer) => answer.text());
    const script = page.match(/src="(\/assets\/[^"]+\.js)"/)[1];
    assert.equal((await fetch(berth.url + script)).status, 200);
  });

  test('exit codes and what is said come through the shim', async () => {
    const answer = await run('stop', 'nobody');
    assert.notEqual(answer.code, 0);
    assert.match(answer.stderr, /nobody/);
    assert.equal(answer.code, (await new Run(path.join(packages, 'berth-dev-linux-x64/bin/berth'), ['stop', 'nobody'], { ...environment, BERTH_URL: berth.url }).end()).code);
  });

  test('SIGTERM comes through the shim, and the server ends in order', async () => {
    assert.deepEqual(await berth.kill('SIGTERM'), { code: 0, signal: null });
    assert.match(berth.log, /ending; the apps run on/);
    await berth.serve();
  });

  test('the program finds what belongs to it also when the shim has not started it', async () => {
    await berth.kill('SIGTERM');
    const through = berth.options.through;
    const found = ['lib/node_modules/@berth-dev/linux-x64', 'lib/node_modules/berth-dev/node_modules/@berth-dev/linux-x64'];
    const program = found.map((folder) => path.join(prefix, folder, 'bin/berth')).find(existsSync);
    berth.options.through = ['sh', '-c', 'shift; exec "$0" "$@"', program];
    try {
      await berth.serve();
      assert.equal((await fetch(berth.url)).status, 200);
    } finally {
      berth.options.through = through;
    }
  });

  test('a missing program is said in a sentence', async () => {
    const scopes = ['lib/node_modules/@berth-dev', 'lib/node_modules/berth-dev/node_modules/@berth-dev'];
    const scope = scopes.map((folder) => path.join(prefix, folder)).find(existsSync);
    renameSync(scope, `${scope}.away`);
    try {
      const answer = await run('ls');
      assert.equal(answer.code, 1);
      assert.equal(answer.stderr, 'berth: the package @berth-dev/linux-x64 is missing; install again, without --omit=optional\n');
    } finally {
      renameSync(`${scope}.away`, scope);
    }
  });

  test('npx without words opens Berth', async () => {
    const npx = { ...environment, npm_command: 'exec', BERTH_ROOT: berth.root, BROWSER: 'true' };
    const answer = await new Run(shim, [], { ...npx, BERTH_URL: berth.url }).end();
    assert.doesNotMatch(answer.stderr, /usage|unknown|not expected/i);
  });

  test('all packages have one version, and each is for its own platform', () => {
    const whole = about('berth-dev');
    const parts = readdirSync(packages).filter((name) => /^berth-dev-[a-z]+-[a-z0-9]+$/.test(name));
    assert.ok(parts.length > 0);
    for (const part of parts) {
      const { name, version, os: systems, cpu } = about(part);
      assert.equal(version, whole.version);
      assert.equal(whole.optionalDependencies[name], version);
      assert.deepEqual([...systems, ...cpu], name.split('/')[1].split('-'));
    }
  });

  test('the program for Linux needs nothing of the system', () => {
    const program = readFileSync(path.join(packages, 'berth-dev-linux-x64/bin/berth'));
    const [at, size, count] = [program.readBigUInt64LE(32), program.readUInt16LE(54), program.readUInt16LE(56)];
    const kinds = Array.from({ length: count }, (_, i) => program.readUInt32LE(Number(at) + i * size));
    const interpreter = 3, load = 1; // of elf(5)
    assert.ok(kinds.includes(load));
    assert.ok(!kinds.includes(interpreter), 'it asks for a dynamic loader');
  });
});
