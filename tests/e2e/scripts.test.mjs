// What scripts/run does before there is anything to run: in a copy of the scripts, with stand-ins for all that would install or build.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../..', import.meta.url));
const real = ['bash', 'sh', 'sed', 'grep', 'find', 'sort', 'head', 'tail', 'tr', 'cat', 'rm', 'mv', 'mkdir', 'mktemp', 'dirname', 'readlink'];
real.push('cmp', 'cp', 'env');

class Checkout {
  constructor() {
    this.home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'berth-scripts-')));
    this.folder = path.join(this.home, 'checkout');
    this.bin = path.join(this.home, 'bin');
    mkdirSync(this.bin, { recursive: true });
    for (const name of real) symlinkSync(spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim(), path.join(this.bin, name));
    cpSync(path.join(source, 'scripts'), path.join(this.folder, 'scripts'), { recursive: true });
    for (const folder of ['src/pm2/bridge', 'frontend']) {
      this.write(`${folder}/package-lock.json`, '{}');
      this.write(`${folder}/node_modules/.installed-lock.json`, '{}');
    }
    this.write('frontend/dist/index.html', 'built');
    this.program('build/release/berth', 'echo "berth $*"');
    this.stub('id', 'echo 0');
    this.stub('uname', 'echo Linux');
    this.stub('node', 'exit 0');
    this.stub('npm', 'exit 1');
    this.stub('apt-get', 'exit 1');
    this.stub('apt-cache', 'exit 0');
    this.stub('dpkg-query', 'echo "install ok installed"');
    this.stub('c++', 'case "$*" in --version) echo "Free Software Foundation" ;; *dumpversion) echo 12.2.0 ;; *) echo \'"1_81"\' ;; esac');
    this.cmake('3.25.1');
  }

  write(file, text) {
    const whole = path.join(this.folder, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  }
  program(file, commands) {
    chmodSync(this.write(file, `#!/bin/sh\n${commands}\n`), 0o755);
  }
  /** A command in PATH, which notes that it was called. */
  stub(name, commands) {
    writeFileSync(path.join(this.bin, name), `#!/bin/sh\necho ${name} >>"${this.home}/called"\n${commands}\n`, { mode: 0o755 });
  }
  /** Refuses a cache of another folder, as the real one does. */
  cmake(version) {
    const refuse = 'grep -q "^CMAKE_HOME_DIRECTORY:INTERNAL=$PWD\\$" build/release/CMakeCache.txt || { echo "The current CMakeCache.txt is different"; exit 1; }';
    this.stub('cmake', `case $1 in --version) echo "cmake version ${version}" ;; --preset) [ ! -f build/release/CMakeCache.txt ] || ${refuse} ;; esac`);
  }

  run(words = [], { script = path.join(this.folder, 'scripts/run'), cwd = this.folder, env = {} } = {}) {
    const { status, stdout, stderr } = spawnSync(script, words, { cwd, encoding: 'utf8', env: { PATH: this.bin, HOME: this.home, ...env } });
    return { status, stdout, stderr };
  }
  get called() {
    const file = path.join(this.home, 'called');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }
}

function within(body) {
  const checkout = new Checkout();
  try {
    return body(checkout);
  } finally {
    rmSync(checkout.home, { recursive: true, force: true });
  }
}

describe('scripts/run', { timeout: 240_000 }, () => {
  test('starts berth with the flags it was given', () =>
    within((checkout) => {
      const { status, stdout, stderr } = checkout.run(['--port', '3200']);
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /\nberth serve --port 3200\n$/);
    }));

  for (const word of ['--help', '-h'])
    test(`${word} is answered at once`, () =>
      within((checkout) => {
        const { status, stdout } = checkout.run([word]);
        assert.equal(status, 0);
        assert.match(stdout, /^usage: scripts\/run/);
        assert.deepEqual(checkout.called, []);
      }));

  test('without root and sudo it says what root is to run', () =>
    within((checkout) => {
      checkout.stub('id', 'echo 1000');
      checkout.stub('dpkg-query', 'exit 1');
      const { status, stderr } = checkout.run();
      assert.equal(status, 1);
      assert.match(stderr, /As root, run: apt-get update/);
      assert.ok(!checkout.called.includes('apt-get'));
    }));

  test('is found through a link and whatever CDPATH says', () =>
    within((checkout) => {
      const link = path.join(checkout.home, 'start-berth');
      symlinkSync(path.join(checkout.folder, 'scripts/run'), link);
      mkdirSync(path.join(checkout.home, 'elsewhere/scripts'), { recursive: true });
      const env = { CDPATH: path.join(checkout.home, 'elsewhere') };
      for (const script of [link, 'scripts/run']) {
        const { status, stdout, stderr } = checkout.run([], { script, env });
        assert.equal(status, 0, stdout + stderr);
        assert.match(stdout, /\nberth serve\n$/);
      }
    }));

  test('a checkout that was moved is configured anew', () =>
    within((checkout) => {
      checkout.write('build/release/CMakeCache.txt', `CMAKE_HOME_DIRECTORY:INTERNAL=${checkout.folder}\n`);
      assert.equal(checkout.run().status, 0);
      const moved = path.join(checkout.home, 'moved');
      renameSync(checkout.folder, moved);
      checkout.folder = moved;
      const { status, stdout, stderr } = checkout.run();
      assert.equal(status, 0, stdout + stderr);
      assert.match(stdout, /configured anew/);
    }));

  test('what is too old on the system is named, with what to do', () =>
    within((checkout) => {
      checkout.cmake('3.22.1');
      checkout.stub('c++', 'case "$*" in --version) echo "Free Software Foundation" ;; *dumpversion) echo 11.4.0 ;; *) echo \'"1_74"\' ;; esac');
      const { status, stderr } = checkout.run();
      assert.equal(status, 1);
      assert.match(stderr, /too old on this system: CMake 3\.22\.1 .*, g\+\+ 11\.4\.0 .*, Boost 1\.74 .*Ubuntu 24\.04/s);
    }));

  test('the dashboard is there whole or not at all', () =>
    within((checkout) => {
      const { build } = JSON.parse(readFileSync(path.join(source, 'frontend/package.json'), 'utf8')).scripts;
      const cwd = path.join(checkout.folder, 'frontend');
      checkout.stub('tsc', 'exit 0');
      checkout.stub('vite', 'while [ "$1" != --outDir ]; do [ $# -gt 0 ] || exec mkdir -p dist; shift; done; mkdir -p "$2"; echo new >"$2/index.html"');
      const shown = () => readFileSync(path.join(cwd, 'dist/index.html'), 'utf8').trim();
      checkout.stub('node', 'exit 130'); // Ctrl-C while it compresses
      assert.notEqual(checkout.run(['-c', build], { script: path.join(checkout.bin, 'sh'), cwd }).status, 0);
      assert.equal(shown(), 'built');
      checkout.stub('node', 'exit 0');
      assert.equal(checkout.run(['-c', build], { script: path.join(checkout.bin, 'sh'), cwd }).status, 0);
      assert.equal(shown(), 'new');
    }));
});
