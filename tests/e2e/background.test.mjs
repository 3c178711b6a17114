// A server in the background: berth up, berth down, at login, and the log it keeps.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

import { Berth, eventually, program, smallApp } from './support/berth.mjs';
import { start } from './support/cli.mjs';
import { freePorts } from './support/ports.mjs';
import { isAlive, listenersOn } from './support/processes.mjs';

/** A person's machine without a server: a home, a pm2 and ports of its own. What it has started is ended at the end. */
class Place extends Berth {
  static async make({ home = '', environment = {} } = {}) {
    const place = new Place();
    place.options = { environment };
    place.home = mkdtempSync(path.join(os.tmpdir(), `berth-${home}`));
    place.root = path.join(place.home, 'berth'); // the usual one
    place.pm2Home = path.join(place.home, 'pm2');
    place.port = await freePorts(25);
    place.portRange = [place.port + 1, place.port + 24];
    place.manifestFile = path.join(place.root, 'manifest.json');
    place.child = { exitCode: 0 }; // Berth.close() has none to end
    mkdirSync(place.root);
    writeFileSync(place.manifestFile, JSON.stringify({ version: '1.0.0', portRange: place.portRange, apps: {} }));
    return place;
  }

  get environment() {
    const { BERTH_ROOT, BERTH_URL, XDG_CONFIG_HOME, ...mine } = process.env;
    return { ...mine, HOME: this.home, PM2_HOME: this.pm2Home, ...this.options.environment };
  }

  berth(...words) {
    const run = start(this.url, words, { BERTH_ROOT: '', XDG_CONFIG_HOME: '', ...this.environment });
    return run.end(60);
  }

  /** It must succeed. */
  async does(...words) {
    const run = await this.berth(...words);
    assert.equal(run.code, 0, `${words.join(' ')}: ${run.stdout}${run.stderr}`);
    return run;
  }
  up = (...words) => this.does('up', '--scaffold', smallApp, ...words);

  /** The pid in the root's lock: of the server that has it, or had it last. */
  holder(root = this.root) {
    const lock = path.join(root, '.berth', 'lock');
    return existsSync(lock) ? Number(readFileSync(lock, 'utf8').split('\n')[0]) : 0;
  }

  log = () => readFileSync(path.join(this.root, '.berth', 'server.log'), 'utf8');

  async endServer(root = this.root) {
    const pid = this.holder(root);
    if (!pid || !isAlive(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.home)) return;
    process.kill(pid, 'SIGTERM');
    await eventually('the server has ended', () => !isAlive(pid));
  }

  async close() {
    await this.endServer();
    await super.close();
  }
}

async function at(options, body) {
  const place = await Place.make(options);
  try {
    await body(place);
  } finally {
    await place.close();
  }
}

describe('berth up and down', { timeout: 240_000 }, () => {
  test('up twice is one server; down twice ends it, and the apps run on', () =>
    at({}, async (place) => {
      const first = await place.up();
      assert.equal(first.stdout, `Berth is at ${place.url} (apps in ${place.root})\n`);
      const pid = place.holder();
      assert.ok(isAlive(pid));
      assert.equal(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5], String(pid), 'it leads a session of its own');
      assert.equal(readlinkSync(`/proc/${pid}/cwd`), '/');
      assert.deepEqual(JSON.parse((await place.does('up', '--json')).stdout), { url: place.url, root: place.root, started: false });
      assert.equal(place.holder(), pid);
      const flagged = await place.up();
      assert.match(flagged.stderr, /it runs already: the flags are for its next start/);

      const app = await place.online('first');
      const down = await place.does('down');
      assert.equal(down.stdout, `Berth at ${place.url} has ended; its apps run on\n`);
      assert.equal(isAlive(pid), false);
      assert.deepEqual(listenersOn(place.port), []);
      assert.equal(await place.ask(app, '/').then((text) => text.length > 0), true, 'the app runs on');
      assert.deepEqual(JSON.parse((await place.does('down', '--json')).stdout), { url: place.url, ended: false });
      assert.equal((await place.does('down')).stdout, `no berth server at ${place.url}\n`);
      assert.equal((await place.berth('ls')).code, 3);

      assert.deepEqual(JSON.parse((await place.up('--json')).stdout), { url: place.url, root: place.root, started: true });
      assert.equal((await place.app(app.id)).id, app.id);
      await place.reaches(app.id, 'online');
    }));

  test('from four shells at once: one comes up, and all of them say so', () =>
    at({}, async (place) => {
      const runs = await Promise.all([1, 2, 3, 4].map(() => place.up()));
      for (const run of runs) assert.equal(run.stdout, `Berth is at ${place.url} (apps in ${place.root})\n`);
      assert.equal(place.log().match(/^Berth is at/gm).length, 1);
      const downs = await Promise.all([1, 2, 3].map(() => place.does('down')));
      assert.ok(downs.some((run) => /has ended/.test(run.stdout)));
      assert.equal(isAlive(place.holder()), false);
    }));

  test('after a SIGKILL of the server: down says that there is none, up starts one', () =>
    at({}, async (place) => {
      await place.up();
      const killed = place.holder();
      process.kill(killed, 'SIGKILL');
      await eventually('it is gone', () => !isAlive(killed));
      assert.equal((await place.does('down')).stdout, `no berth server at ${place.url}\n`);
      await place.up();
      assert.notEqual(place.holder(), killed);
    }));

  test('a lock that names another process ends nobody', () =>
    at({}, async (place) => {
      await place.up();
      const pid = place.holder();
      const lock = path.join(place.root, '.berth', 'lock');
      const told = readFileSync(lock, 'utf8');
      writeFileSync(lock, `${process.pid}\n${place.url}\n`); // this one has it not open
      const refused = await place.berth('down');
      assert.equal(refused.code, 1);
      assert.match(refused.stderr, /somebody has the lock of .*, but not the process/);
      assert.ok(isAlive(pid));
      writeFileSync(lock, told);
      await place.does('down', '--root', place.root);
      assert.equal(isAlive(pid), false);

      // A stale lock whose pid is somebody's now.
      writeFileSync(lock, `${process.pid}\n${place.url}\n`);
      assert.equal((await place.does('down', '--root', place.root)).stdout, `no berth server serves ${place.root}\n`);
    }));

  test('an answer that comes from elsewhere ends no server here', () =>
    at({}, async (place) => {
      await place.up();
      const pid = place.holder();
      // A tunnel: the same words at another port, and no server of this machine behind it for all that is known.
      const tunnel = net.createServer((from) => {
        const to = net.connect(place.port, '127.0.0.1');
        let asked = '';
        from.on('data', (text) => {
          asked += text;
          if (asked.includes('\r\n\r\n')) to.write(asked.replace(/^host:.*$/im, `Host: localhost:${place.port}`));
        });
        to.pipe(from);
        for (const each of [from, to]) each.on('error', () => {});
      });
      await new Promise((done) => tunnel.listen(0, '127.0.0.1', done));
      try {
        const run = await place.berth('down', '--url', `http://127.0.0.1:${tunnel.address().port}`);
        assert.equal(run.code, 1);
        assert.match(run.stderr, /another machine's, to be ended there/);
        assert.ok(isAlive(pid));
      } finally {
        tunnel.close();
      }
    }));

  test('a port that a stranger has: said in words, and nothing is started', () =>
    at({}, async (place) => {
      const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi';
      for (const treat of [(socket) => socket.resume().end(answer), (socket) => socket.destroy()]) {
        const stranger = net.createServer((socket) => treat(socket.on('error', () => {})));
        await new Promise((done) => stranger.listen(place.port, '127.0.0.1', done));
        try {
          const run = await place.berth('up');
          assert.notEqual(run.code, 0);
          assert.match(run.stderr, /answers, but it is not Berth|could not be started: .*port/);
          assert.doesNotMatch(run.stderr, /\n./, 'one line');
          assert.doesNotMatch((await place.berth('down')).stdout, /has ended/);
        } finally {
          await new Promise((done) => stranger.close(done));
        }
      }
      assert.equal(isAlive(place.holder()), false);
    }));

  test('a root that cannot be made: why is said', () =>
    at({}, async (place) => {
      writeFileSync(path.join(place.home, 'file'), '');
      const root = path.join(place.home, 'file', 'root');
      const run = await place.berth('up', '--root', root);
      assert.equal(run.code, 1);
      assert.match(run.stderr, /^berth: a server for .*\/file\/root could not be started: Berth cannot use .*: Not a directory\./);
      const json = await place.berth('up', '--root', root, '--json');
      assert.equal(JSON.parse(json.stderr || json.stdout).code, 'failed');
      rmSync(path.join(place.root, '.berth'), { recursive: true, force: true });
      writeFileSync(path.join(place.root, '.berth'), '');
      assert.match((await place.berth('up')).stderr, /could not be started: .*must be a folder/);
      rmSync(path.join(place.root, '.berth'));
    }));

  test('another root at this port, and this root at another port: both are said', () =>
    at({}, async (place) => {
      await place.up();
      const other = await place.berth('up', '--root', path.join(place.home, 'other'));
      assert.equal(other.code, 1);
      assert.match(other.stderr, /serves .*, not .*other; choose another port with --port/);
      const elsewhere = await place.berth('up', '--port', String(place.port + 1));
      assert.equal(elsewhere.code, 1);
      assert.match(elsewhere.stderr, new RegExp(`could not be started: another berth \\(pid ${place.holder()}, ${place.url}\\) already serves`));
    }));

  test('a home with spaces, quotes and percent signs', () =>
    at({ home: `a b'c "d" 50% & $e-` }, async (place) => {
      await place.up();
      const app = await place.online('first');
      assert.ok(place.directory(app).startsWith(place.home));
      await place.does('down');
    }));

  test('every command that finds no server says berth up', () =>
    at({}, async (place) => {
      for (const words of [['ls'], ['create', 'x'], ['logs', '-f', 'x', '--reconnect', '0'], ['health'], ['open', 'x'], ['activity']]) {
        const run = await place.berth(...words);
        assert.equal(run.code, 3, words.join(' '));
        assert.match(run.stderr, new RegExp(`start one with: berth up --port ${place.port}\n$`), words.join(' '));
      }
      assert.match((await place.berth('doctor')).stdout, /berth up/);
    }));
});

describe('the log of a server in the background', { timeout: 120_000 }, () => {
  test('is bounded while it writes, one older is kept, and only its owner reads it', () =>
    at({ environment: { BERTH_SERVER_LOG_LIMIT: '1000' } }, async (place) => {
      const file = path.join(place.root, '.berth', 'server.log');
      await place.up('--log-level', 'debug');
      // It tells of each of these, and goes on: what is moved is moved under a server that runs.
      for (let i = 0; i < 20 && !existsSync(`${file}.1`); ++i) {
        const { bridgePid, bridgeRestarts } = (await place.get('/api/health')).body.pm2;
        if (bridgePid) process.kill(bridgePid, 'SIGKILL');
        await eventually('another bridge is there', async () => {
          const { pm2 } = (await place.get('/api/health')).body;
          return pm2.connected && pm2.bridgeRestarts > bridgeRestarts;
        });
      }
      assert.ok(existsSync(`${file}.1`), 'it has been moved');
      await place.does('down');
      await place.up('--log-level', 'debug');
      for (const each of [file, `${file}.1`]) {
        const { size, mode } = statSync(each);
        assert.ok(size > 0 && size <= 1000, `${each} has ${size} bytes`);
        assert.equal(mode & 0o777, 0o600);
      }
      assert.deepEqual(readdirSync(path.dirname(file)).filter((name) => name.startsWith('server.log')).sort(), ['server.log', 'server.log.1']);
      const pid = place.holder();
      assert.deepEqual([1, 2].map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)), [file, file]);
      await place.does('down');
      assert.match(place.log(), /ending; the apps run on/);
    }));

  test('that cannot be written holds nothing up', () =>
    at({}, async (place) => {
      mkdirSync(path.join(place.root, '.berth', 'server.log'), { recursive: true });
      chmodSync(path.join(place.root, '.berth'), 0o700);
      await place.up();
      await place.online('first');
      await place.does('down');
    }));
});

describe('at login', { timeout: 120_000 }, () => {
  /** Stands in for a tool of the system: writes down what it was told, and ends with a code. */
  const tool = (place, name, code) => {
    const bin = path.join(place.home, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >>"${place.home}/told"\nexit ${code}\n`, { mode: 0o755 });
    place.options.environment.PATH = `${bin}:${process.env.PATH.replaceAll(`${bin}:`, '')}`;
  };
  const unitOf = (place) => path.join(place.home, '.config/systemd/user/berth.service');
  const linkOf = (place) => path.join(place.home, '.config/systemd/user/default.target.wants/berth.service');

  test('without a running systemd: the unit and its link are there, and it says so', { skip: process.platform !== 'linux' }, () =>
    at({ home: `a b "c" 50% $HOME & 'd-` }, async (place) => {
      tool(place, 'systemctl', 1);
      const run = await place.up('--at-login', '--max-running', '7');
      assert.match(run.stderr, /Berth starts when you log in: /);
      assert.match(run.stderr, /your systemd does not run here/);
      assert.match(run.stdout, /^Berth is at /);
      assert.equal(readlinkSync(linkOf(place)), '../berth.service');
      const unit = readFileSync(unitOf(place), 'utf8');
      assert.match(unit, /^KillMode=process$/m);
      assert.match(unit, /^Restart=on-failure$/m);
      await place.up('--at-login', '--max-running', '7'); // again: the same
      assert.equal(readFileSync(unitOf(place), 'utf8'), unit);
      assert.deepEqual(readdirSync(path.dirname(unitOf(place))).sort(), ['berth.service', 'default.target.wants']);

      await place.does('up', '--no-login');
      assert.equal(existsSync(unitOf(place)) || lstatSync(linkOf(place), { throwIfNoEntry: false }) !== undefined, false);
      assert.match((await place.does('up', '--no-login')).stdout, /does not start at login\n$/);
      assert.ok(await place.answers(), 'what runs, runs on');
    }));

  test('systemd itself reads the unit without a complaint', { skip: process.platform !== 'linux' || !verifier() }, () =>
    at({ home: `a b "c" 50% $HOME & 'd-` }, async (place) => {
      tool(place, 'systemctl', 1);
      await place.up('--at-login');
      const verify = () => {
        const environment = { ...place.environment, XDG_RUNTIME_DIR: place.home };
        const { stderr } = spawnSync('systemd-analyze', ['--user', '--man=no', 'verify', unitOf(place)], { encoding: 'utf8', env: environment });
        return stderr.split('\n').filter((line) => line.includes('berth.service'));
      };
      assert.deepEqual(verify(), []);
      writeFileSync(unitOf(place), readFileSync(unitOf(place), 'utf8').replace('KillMode=process', 'KillMode=nonsense'));
      assert.equal(verify().length, 1, 'it would have complained');
    }));

  test('a systemd that runs is told, starts it, and lingers', { skip: process.platform !== 'linux' }, () =>
    at({}, async (place) => {
      tool(place, 'systemctl', 0);
      tool(place, 'loginctl', 0);
      await place.up(); // one runs already: it is not started again
      const run = await place.does('up', '--at-login');
      assert.match(run.stderr, /goes on when you log out/);
      assert.deepEqual(readFileSync(path.join(place.home, 'told'), 'utf8').trim().split('\n'), ['systemctl --user daemon-reload', 'loginctl enable-linger']);
      tool(place, 'loginctl', 1);
      assert.match((await place.does('up', '--at-login')).stderr, /sudo loginctl enable-linger/);
    }));

  test('its ExecStart, as systemd would run it, is a server with the root and the PATH of now', { skip: process.platform !== 'linux' || !verifier() }, () =>
    at({ home: `a b "c" 50% $HOME & 'd-` }, async (place) => {
      const bin = path.join(place.home, 'bin');
      mkdirSync(bin);
      // Starts what the unit says, as systemd splits it (read back by systemd's own rules, here in short).
      writeFileSync(path.join(bin, 'systemctl'), `#!${process.execPath}\n${standIn}`, { mode: 0o755 });
      place.options.environment.PATH = `${bin}:${process.env.PATH}`;
      tool(place, 'loginctl', 0);
      const run = await place.up('--at-login', '--log-level', 'debug');
      assert.match(run.stdout, /^Berth is at /);
      const pid = place.holder();
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      assert.deepEqual(words, [program, 'serve', '--server-log', `--root=${place.root}`, `--port=${place.port}`, `--scaffold=${smallApp}`, '--log-level=debug']);
      const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      for (const each of [`PATH=${place.options.environment.PATH}`, `BERTH_ROOT=${place.root}`, `PM2_HOME=${place.pm2Home}`]) assert.ok(variables.includes(each), each);
      await place.online('first');
      await place.does('down');
    }));

  test('on a Mac: an agent that a parser of property lists reads back', () =>
    at({ home: `a b "c" 50% $HOME & '<d>-`, environment: { BERTH_LOGIN_SYSTEM: 'launchd' } }, async (place) => {
      const { parse } = await import('plist');
      await place.up('--at-login');
      const file = path.join(place.home, 'Library/LaunchAgents/dev.berth.server.plist');
      const agent = parse(readFileSync(file, 'utf8'));
      assert.equal(agent.Label, 'dev.berth.server');
      assert.deepEqual(agent.ProgramArguments, [program, 'serve', '--server-log', `--root=${place.root}`, `--port=${place.port}`, `--scaffold=${smallApp}`]);
      assert.deepEqual(agent.EnvironmentVariables, { PATH: process.env.PATH, BERTH_ROOT: place.root, PM2_HOME: place.pm2Home });
      assert.deepEqual([agent.RunAtLoad, agent.KeepAlive, agent.AbandonProcessGroup], [true, { SuccessfulExit: false }, true]);
      assert.equal(agent.StandardErrorPath, path.join(place.home, 'Library/Logs/berth.log'));
      await place.does('up', '--no-login');
      assert.equal(existsSync(file), false);
    }));

  test('what somebody wrote there himself stays', { skip: process.platform !== 'linux' }, () =>
    at({}, async (place) => {
      tool(place, 'systemctl', 1);
      mkdirSync(path.dirname(unitOf(place)), { recursive: true });
      writeFileSync(unitOf(place), '[Service]\nExecStart=/bin/true\n');
      for (const flag of ['--at-login', '--no-login']) {
        const run = await place.berth('up', flag);
        assert.equal(run.code, 1);
        assert.match(run.stderr, /not written by berth: it stays as it is/);
      }
      rmSync(unitOf(place));
      symlinkSync('/dev/null', unitOf(place)); // systemctl mask
      assert.equal((await place.berth('up', '--at-login')).code, 1);
      assert.equal(readlinkSync(unitOf(place)), '/dev/null');
    }));
});

function verifier() {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `systemctl --user start` as a program: unquotes the unit's lines by systemd.syntax(7) and starts what they say. */
const standIn = String.raw`
const { spawn } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');
if (!process.argv.includes('start')) process.exit(0);
const unit = readFileSync(path.join(process.env.HOME, '.config/systemd/user/berth.service'), 'utf8').split('\n');
const words = (text) => [...text.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, bare]) => (quoted?.replace(/\\(.)/g, '$1') ?? bare).replaceAll('%%', '%'));
const of = (key) => unit.filter((line) => line.startsWith(key + '=')).map((line) => line.slice(key.length + 1));
const [command, ...rest] = words(of('ExecStart')[0]).map((word) => word.replaceAll('$$', '$'));
const env = { HOME: process.env.HOME };
for (const each of of('Environment').flatMap(words)) env[each.slice(0, each.indexOf('='))] = each.slice(each.indexOf('=') + 1);
spawn(command, rest, { env, stdio: 'ignore', detached: true }).unref();
`;
