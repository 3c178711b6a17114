// The command line against a real server: every command, every way to name an app, every exit code.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, freePorts } from './support/berth.mjs';
import { cli, start, startShell } from './support/cli.mjs';

const entry = (id, name, port, category = null) => ({
  id,
  name,
  category,
  directory: `./created-apps/${id}`,
  port,
  createdAt: `2026-01-31T14:30:00.${String(port % 1000).padStart(3, '0')}Z`,
  pmId: null,
  pid: 0,
  status: 'stopped',
  memoryMB: 0,
  cpuPercent: 0,
  startedAt: null,
  restarts: 0,
});

/** A manifest with apps that were never started: enough to be named. */
function manifestWith(entries) {
  const apps = Object.fromEntries(entries.map((e) => [e.id, e]));
  return JSON.stringify({ version: '1.0.0', portRange: [20_000, 20_099], apps });
}

describe('without a server', { timeout: 240_000 }, () => {
  test('exit code 3 and what to do, for every command', async () => {
    const url = `http://localhost:${await freePorts(1)}`;
    for (const words of [['ls'], ['show', 'a'], ['stop', 'a'], ['restart', 'a'], ['sleep', 'a'], ['wake', 'a'], ['rm', '-y', 'a'], ['logs', 'a'], ['logs', '-f', 'a'],
      ['open', 'a'], ['health'], ['create'], ['create', 'a', '--wait'], ['ls', '--watch'], ['start', 'a'], ['wait', 'a'], ['path', 'a'],
      ['operations'], ['cancel', 'a'], ['ls', '-q'], ['activity'], ['activity', 'a'], ['why', 'a'], ['check', 'a']]) {
      const run = await cli(url, words);
      assert.equal(run.code, 3, words.join(' '));
      assert.equal(run.stdout, '');
      assert.equal(run.stderr, `berth: no berth server at ${url}; start one with: berth serve --port ${new URL(url).port}\n`);
    }
    const json = await cli(url, ['ls', '--json']);
    assert.equal(json.code, 3);
    const problem = JSON.parse(json.stderr);
    assert.deepEqual([problem.code, problem.detail], ['no_server', `no berth server at ${url}; start one with: berth serve --port ${new URL(url).port}`]);
  });

  test('who gave a bad address is told', async () => {
    const variable = await cli('http://example.com', ['ls']);
    assert.deepEqual([variable.code, variable.stderr.split(':')[1]], [2, ' $BERTH_URL http']);
    const flag = await cli('', ['ls', '--url', 'http://example.com', '--json']);
    assert.equal(flag.code, 2);
    assert.equal(JSON.parse(flag.stderr).code, 'usage');
    assert.match(JSON.parse(flag.stderr).detail, /^--url http/);
  });

  test('without HOME the apps are in the home that the user database knows', async () => {
    const help = await startShell('', 'env -u HOME -u BERTH_ROOT berth doctor --json').end();
    assert.match(help.stdout, new RegExp(`"what":"pm2 home","ok":[a-z]+,"detail":"${os.userInfo().homedir}/`));
  });

  test('doctor speaks without a server, and says how to mend what it finds', async () => {
    const url = `http://localhost:${await freePorts(1)}`;
    const run = await cli(url, ['doctor', '--json'], { PM2_HOME: `/${'x'.repeat(120)}` });
    assert.equal(run.code, 1);
    const of = Object.fromEntries(JSON.parse(run.stdout).map((each) => [each.what, each]));
    assert.deepEqual([of.node.ok, of.npm.ok, of.server.ok, of['pm2 home'].ok], [true, true, false, false]);
    assert.match(of['pm2 home'].mend, /PM2_HOME/);
    assert.match((await cli(url, ['doctor'], { PATH: '/nowhere' })).stdout, /^bad {2}node .*\n +install Node/m);
  });

  test('usage is exit code 2, in one line', async () => {
    for (const words of [[], ['nonsense'], ['show'], ['stop'], ['stop', 'a', '--all'], ['logs', 'a', '-n', 'x'], ['ls', '--url', 'http://example.com'],
      ['completion', 'tcsh'], ['serve', '--max-running', '0'], ['serve', '--sleep-after', 'soon'], ['create', 'bad\x1bname']]) {
      const run = await cli('', words);
      assert.equal(run.code, 2, words.join(' '));
      assert.equal(run.stdout, '');
      assert.match(run.stderr, /^berth: [^\n\x1b]*\n$/);
    }
  });

  test('help and version', async () => {
    assert.match((await cli('', ['--version'])).stdout, /^berth \d+\.\d+\.\d+\n$/);
    for (const words of [['--help'], ['create', '--help'], ['logs', '--help']]) {
      const run = await cli('', words);
      assert.equal(run.code, 0);
      assert.match(run.stdout, /Usage: berth/);
    }
  });

  test('another program on the port is told apart', async () => {
    const answers = ['<html>', '', '{}', '[{"id":1}]', '{"code":"app_not_found"}', '{"code":"x","detail":""}', '{"id":"aaaaaaaa01","name":1,"status":[]}'];
    for (const body of answers)
      for (const status of [200, 404]) {
        const other = http.createServer((_, response) => response.writeHead(status).end(body));
        await new Promise((done) => other.listen(0, '127.0.0.1', done));
        for (const words of [['ls'], ['show', 'a'], ['create'], ['health'], ['stop', '--all'], ['logs', 'a'], ['logs', '-f', 'a'], ['ls', '--watch'], ['operations'], ['path', 'a']]) {
          const url = `http://localhost:${other.address().port}`;
          const run = await cli(url, words);
          assert.equal(run.code, 3, `${words}: ${body}`);
          assert.equal(run.stdout, '', `${words}: ${body}`);
          assert.equal(run.stderr, `berth: ${url} answers, but it is not Berth; choose another with --url\n`, `${words}: ${body}`);
        }
        await new Promise((done) => other.close(done));
      }
  });

  test('a server that is not HTTP is told apart, too', async () => {
    const other = net.createServer((socket) => socket.on('error', () => {}).resume().end('SSH-2.0-OpenSSH_9.2p1\r\n'));
    await new Promise((done) => other.listen(0, '127.0.0.1', done));
    for (let i = 0; i < 5; i++) {
      const run = await cli(`http://localhost:${other.address().port}`, ['ls']);
      assert.equal(run.code, 3);
      assert.match(run.stderr, /^berth: http:[^\n]* answers, but it is not Berth; [^\n]*\n$/);
    }
    await new Promise((done) => other.close(done));
  });

  test('another version of Berth is named where it is not understood', async () => {
    const other = http.createServer((request, response) =>
      response.end(request.url === '/api/health' ? '{"status":"ok","version":"7.8.9","pm2":{}}' : '[{"identity":"aaaaaaaa01"}]'),
    );
    await new Promise((done) => other.listen(0, '127.0.0.1', done));
    for (const words of [['ls'], ['show', 'a'], ['health'], ['logs', 'a']]) {
      const run = await cli(`http://localhost:${other.address().port}`, words);
      assert.equal(run.code, 1, run.stderr);
      assert.match(run.stderr, /^berth: the server at [^\n]* is Berth 7\.8\.9, and this is berth \d[^\n]*\n$/);
    }
    await new Promise((done) => other.close(done));
  });

  test('a full disk is a failure', async () => {
    const run = await startShell('', 'berth --help > /dev/full').end();
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^berth: the output could not be written: No space left on device\n$/);
  });
});

describe('naming apps', { timeout: 240_000 }, () => {
  let berth;
  before(async () => {
    const entries = [
      entry('aaaaaaaa01', 'Shop', 20_001, 'demos'),
      entry('aaaaaaaa02', '漢字 with spaces', 20_002, 'demos'),
      entry('bbbbbbbb03', 'aaaa', 20_003),
    ];
    berth = await Berth.start({ manifest: manifestWith(entries) });
  });
  after(() => berth.close());

  const shown = async (reference) => JSON.parse((await cli(berth.url, ['show', reference, '--json'])).stdout)[0].id;

  test('by id, by a prefix of it, by name in any case, a name before a prefix', async () => {
    assert.equal(await shown('aaaaaaaa01'), 'aaaaaaaa01');
    assert.equal(await shown('bbbb'), 'bbbbbbbb03');
    assert.equal((await cli(berth.url, ['show', 'bbbb'])).stderr, 'berth: bbbb is the app aaaa (bbbbbbbb03)\n');
    assert.equal(await shown('SHOP'), 'aaaaaaaa01');
    assert.equal(await shown('漢字 with SPACES'), 'aaaaaaaa02');
    assert.equal(await shown('aaaa'), 'bbbbbbbb03');
  });

  test('an ambiguous prefix is a usage error that names the candidates; an unknown one fails', async () => {
    for (const words of [['show', 'aaaaa'], ['stop', 'aaaaa'], ['logs', 'aaaaa'], ['open', 'aaaaa']]) {
      const run = await cli(berth.url, words);
      assert.equal(run.code, 2, words.join(' '));
      assert.match(run.stderr, /^berth: "aaaaa" could be any of aaaaaaaa0\d \([^\n]*\), aaaaaaaa0\d \([^\n]*\); give more of the id\n$/);
    }
    const unknown = await cli(berth.url, ['stop', 'nobody', 'Shop']);
    assert.equal(unknown.code, 1);
    assert.equal(unknown.stderr, 'berth: there is no app "nobody"; see: berth ls\n');
  });

  test('rm -y takes whole names and ids only: the same words twice never delete a second app', async () => {
    for (const word of ['b', 'bbb', 'bbbb', 'bbbbbbbb0'])
      for (const flag of ['-y', '--yes', '-f', '--force']) {
        const run = await cli(berth.url, ['rm', flag, word]);
        assert.equal(run.code, 2, `${flag} ${word}: ${run.stdout}`);
        assert.match(run.stderr, /^berth: "b+0?" is [^\n]*\n$/);
      }
    assert.equal((await berth.get('/api/apps')).body.length, 3);
  });

  test('--json is exactly what the API says', async () => {
    const api = async (where) => (await fetch(berth.url + where)).text();
    assert.equal((await cli(berth.url, ['ls', '--json'])).stdout, (await api('/api/apps')) + '\n');
    assert.equal((await cli(berth.url, ['ls', '--json', '-c', 'demos'])).stdout, (await api('/api/apps?category=demos')) + '\n');
    assert.equal((await cli(berth.url, ['show', 'Shop', '--json'])).stdout, `[${await api('/api/apps/aaaaaaaa01')}]\n`);
    const two = JSON.parse((await cli(berth.url, ['show', 'Shop', 'aaaa', '--json'])).stdout);
    assert.deepEqual(two.map((app) => app.id), ['aaaaaaaa01', 'bbbbbbbb03']);
    const logs = await cli(berth.url, ['logs', 'Shop', '--json']);
    assert.deepEqual(JSON.parse(logs.stdout), [{ id: 'aaaaaaaa01', name: 'Shop', stdout: '', stderr: '', next: { stdout: 0, stderr: 0 } }]);
    assert.equal(JSON.parse((await cli(berth.url, ['health', '--json'])).stdout).root, berth.root);
  });

  test('ls by category and status', async () => {
    const names = async (...words) => JSON.parse((await cli(berth.url, ['ls', '--json', ...words])).stdout).map((app) => app.name);
    assert.deepEqual(await names('-c', 'demos'), ['漢字 with spaces', 'Shop']);
    const blank = await cli(berth.url, ['ls', '-c', '']);
    assert.deepEqual([blank.code, blank.stderr], [2, 'berth: a category cannot be blank; see: berth ls --help\n']);
    assert.deepEqual(await names('--status', 'online'), []);
    assert.deepEqual(await names('--status', 'online', '--status', 'stopped', '-c', 'demos'), ['漢字 with spaces', 'Shop']);
  });

  test('nothing runs: stop fails for one, and has nothing to do for all', async () => {
    const one = await cli(berth.url, ['stop', 'Shop']);
    assert.equal(one.code, 1);
    assert.match(one.stderr, /^berth: [^\n]+\n$/);
    const all = await cli(berth.url, ['stop', '--all']);
    assert.equal(all.code, 0);
    assert.equal(all.stderr, 'berth: nothing to stop\n');
    const open = await cli(berth.url, ['open', 'Shop']);
    assert.equal(open.code, 1);
    assert.match(open.stderr, /start it with: berth start aaaaaaaa01\n$/);
    const json = await cli(berth.url, ['stop', 'Shop', '--json']);
    assert.equal(json.code, 1);
    assert.equal(JSON.parse(json.stderr).code, 'not_running');
    assert.deepEqual(JSON.parse(json.stdout), { results: [{ id: 'aaaaaaaa01', ok: false, error: JSON.parse(json.stderr) }] });
  });

  test('what other programs read: ids, fields, an order, a folder', async () => {
    const out = async (...words) => (await cli(berth.url, words)).stdout;
    assert.equal(await out('ps', '-q'), 'bbbbbbbb03\naaaaaaaa02\naaaaaaaa01\n');
    assert.equal(await out('list', '--format', 'name,port,status', '--sort', 'port'), 'Shop\t20001\tstopped\n漢字 with spaces\t20002\tstopped\naaaa\t20003\tstopped\n');
    assert.equal(await out('ls', '-q', '--sort', 'name'), 'bbbbbbbb03\naaaaaaaa01\naaaaaaaa02\n');
    assert.equal(await out('path', 'Shop'), path.join(berth.root, 'created-apps/aaaaaaaa01') + '\n');
    assert.match(await out('status', 'Shop'), /^Shop {2}stopped\n/);
    assert.deepEqual(JSON.parse(await out('operations', '--json')), []);
    assert.equal((await cli(berth.url, ['cancel', 'nothing'])).stderr, 'berth: no create "nothing" is under way; see: berth operations\n');
    const waited = await cli(berth.url, ['wait', 'Shop']);
    assert.equal(waited.code, 1);
    assert.match(waited.stderr, /^berth: "Shop" is stopped[^\n]*\n$/);
  });

  test('what completion asks', async () => {
    const asked = await cli(berth.url, ['__complete', 'show', '']);
    assert.equal(asked.stdout, 'aaaa\tstopped :20003\n漢字 with spaces\tstopped :20002\nShop\tstopped :20001\n');
    assert.match((await cli(berth.url, ['__complete', 'sh'])).stdout, /^show\t/);
    const nobody = await cli(`http://localhost:${await freePorts(1)}`, ['__complete', 'show', '']);
    assert.deepEqual([nobody.code, nobody.stdout, nobody.stderr], [0, '', '']);
  });
});

describe('from create to rm', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('an app lives: create, ls, show, logs, stop, restart, rm', async () => {
    const made = await cli(berth.url, ['create', 'My shop', '--category', 'demos', '--wait']);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /^My shop {2}online {2}http:\/\/localhost:\d+ {2}\(id [a-z0-9]{10}\)\n$/);
    assert.equal(made.stderr, '', 'no progress without a terminal');
    const [app] = JSON.parse((await cli(berth.url, ['show', 'my shop', '--json'])).stdout);
    assert.equal(await berth.ask(app, '/'), `hello from ${app.port}`);

    const list = await cli(berth.url, ['ls']);
    assert.match(list.stdout, new RegExp(`^NAME +STATUS +PORT.*\nMy shop +online +${app.port} +demos .* ${app.id}\n$`));
    assert.match((await cli(berth.url, ['show', app.id.slice(0, 5)])).stdout, new RegExp(`address +http://localhost:${app.port}\n`));

    await berth.ask(app, '/log?lines=5&text=out');
    await berth.ask(app, '/log?lines=2&text=err&stream=stderr');
    const logs = async (...words) => (await cli(berth.url, ['logs', 'My shop', ...words])).stdout;
    await eventually('the lines are there', async () => (await logs()).includes('err 1'));
    assert.equal(await logs('-n', '2', '--stdout'), 'out 3\nout 4\n');
    assert.equal(await logs('-n', '1', '--stderr'), 'err 1\n');
    assert.equal(await logs('-n', '1'), 'out 4\nerr 1\n');

    const stopped = await cli(berth.url, ['stop', 'My shop']);
    assert.deepEqual([stopped.code, stopped.stdout, stopped.stderr], [0, 'stopped My shop\n', '']);
    assert.equal((await cli(berth.url, ['stop', 'My shop'])).code, 1);
    const again = await cli(berth.url, ['restart', 'My shop', '--wait']);
    assert.deepEqual([again.code, again.stdout], [0, `restarted My shop, online at http://localhost:${app.port}\n`]);
    assert.equal((await berth.app(app.id)).status, 'online');
    const runs = await cli(berth.url, ['start', 'My shop']);
    assert.deepEqual([runs.code, runs.stdout, runs.stderr], [0, '', `berth: "My shop" runs already, at http://localhost:${app.port}\n`]);
    await cli(berth.url, ['stop', 'My shop']);
    assert.equal((await cli(berth.url, ['start', 'My shop'])).stdout, `started My shop, at http://localhost:${app.port}\n`);
    assert.equal((await cli(berth.url, ['wait', 'My shop'])).stdout, `My shop  online  http://localhost:${app.port}\n`);
    assert.equal(await logs('--tail', '100', '--grep', 'out 3', '--stdout'), 'out 3\n');

    const refused = await cli(berth.url, ['rm', 'My shop']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /say -y/);
    assert.equal((await berth.app(app.id)).status, 'online');
    const removed = await cli(berth.url, ['rm', '-y', 'My shop']);
    assert.deepEqual([removed.code, removed.stdout, removed.stderr], [0, 'deleted My shop\n', '']);
    const none = await cli(berth.url, ['ls']);
    assert.deepEqual([none.code, none.stdout, none.stderr], [0, '', 'berth: there are no apps yet; make one with: berth create\n']);
  });

  test('--json of what changes something is one document of the API', async () => {
    const json = async (...words) => {
      const run = await cli(berth.url, [...words, '--json']);
      assert.equal(run.code, 0, run.stderr);
      assert.equal(run.stdout.trimEnd().split('\n').length, 1);
      assert.equal(run.stderr, '');
      return JSON.parse(run.stdout);
    };
    const one = await json('create', '-c', 'bulk', '--wait');
    assert.equal(one.status, 'online');
    assert.match(one.name, /^[a-z]+-[a-z]+/);
    const two = await json('create', 'second', '-c', 'bulk');
    assert.equal(two.name, 'second');
    await berth.reaches(two.id, 'online');
    assert.deepEqual(await json('stop', 'second'), { results: [{ id: two.id, ok: true, error: null }] });
    const stopped = await json('stop', '--category', 'bulk');
    assert.deepEqual(stopped, { results: [{ id: one.id, ok: true, error: null }] });
    const mixed = await cli(berth.url, ['stop', 'second', one.id, '--json']);
    assert.equal(mixed.code, 1);
    assert.deepEqual(JSON.parse(mixed.stdout).results.map((r) => r.error.code), ['not_running', 'not_running']);
    assert.deepEqual(mixed.stderr.trim().split('\n').map((line) => JSON.parse(line).code), ['not_running', 'not_running']);
    const started = await json('restart', '--all');
    assert.deepEqual(started.results.map((r) => r.ok), [true, true]);
    const kept = await json('rm', '-y', '--keep-files', 'second', one.id);
    assert.deepEqual(kept.results.map((r) => r.ok), [true, true]);
    assert.match(readFileSync(path.join(berth.directory(two), 'package.json'), 'utf8'), /small/);
    assert.deepEqual(await json('ls'), []);
  });

  test('a name that is taken, and a limit, are failures in the words of the API', async () => {
    const app = await berth.online('taken');
    const run = await cli(berth.url, ['create', 'TAKEN']);
    assert.equal(run.code, 1);
    assert.match(run.stderr, /^berth: .*taken.*\n$/i);
    await cli(berth.url, ['rm', '-y', app.id]);
  });

  test('open hands the address to the browser, or prints it where there is none', async () => {
    const app = await berth.online('opened');
    const home = mkdtempSync(path.join(os.tmpdir(), 'berth-'));
    const browser = path.join(home, 'browser');
    writeFileSync(browser, `#!/bin/sh\nprintf '%s' "$1" > "${home}/seen"\n`);
    chmodSync(browser, 0o755);
    const opened = await cli(berth.url, ['open', 'opened'], { BROWSER: browser });
    assert.deepEqual([opened.code, opened.stdout], [0, `opened http://localhost:${app.port}\n`]);
    assert.equal(readFileSync(path.join(home, 'seen'), 'utf8'), `http://localhost:${app.port}`);
    const printed = await cli(berth.url, ['open', 'opened'], { BROWSER: '', PATH: home });
    assert.deepEqual([printed.code, printed.stdout], [0, `http://localhost:${app.port}\n`]);
    const named = await cli(berth.url, ['open', 'opened', '--named'], { BROWSER: '', PATH: home });
    assert.deepEqual([named.code, named.stdout], [0, `http://opened.localhost:${berth.port}\n`]);
    rmSync(home, { recursive: true });
    await cli(berth.url, ['rm', '-y', 'opened']);
  });

  test('--wait fails with the reason when the app does not come up', async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), 'berth-'));
    const scaffold = path.join(home, 'scaffold.mjs');
    writeFileSync(
      scaffold,
      `import { mkdirSync, writeFileSync } from 'node:fs';
       mkdirSync(process.argv[2]);
       const dev = process.env.DEV;
       writeFileSync(process.argv[2] + '/package.json', JSON.stringify({ name: 'x', scripts: { dev } }));`,
    );
    const berths = await Promise.all(
      ['exit 3', 'exec sleep 1000'].map((DEV) => Berth.start({ scaffold: `${process.execPath} ${scaffold}`, environment: { DEV } })),
    );
    try {
      const dead = await cli(berths[0].url, ['create', 'dead', '--wait']);
      assert.equal(dead.code, 1);
      assert.equal(dead.stdout, '');
      assert.match(dead.stderr, /^berth: "dead" is errored: .*3.*; see: berth logs [a-z0-9]{10}\n$/);
      const slow = await cli(berths[1].url, ['create', 'slow', '--wait', '--timeout', '1']);
      assert.equal(slow.code, 1);
      assert.match(slow.stderr, /^berth: "slow" is launching, not online, after 1 s.*; see: berth logs [a-z0-9]{10}\n$/);
    } finally {
      for (const each of berths) await each.close();
      rmSync(home, { recursive: true });
    }
  });
});

const scaffolding = (berth) =>
  eventually('the scaffold hangs', async () => (await berth.get('/api/operations')).body.some((each) => each.line === 'hanging'));

describe('a create that does not end well', { timeout: 240_000 }, () => {
  test('a failed scaffold: its last lines, and the error as the last line', async () => {
    const berth = await Berth.start({ environment: { BERTH_SMALL_APP: 'fail' } });
    try {
      const run = await cli(berth.url, ['create', 'broken']);
      assert.equal(run.code, 1);
      assert.equal(run.stdout, '');
      assert.match(run.stderr, / {2}\| problem 30\nberth: [^\n]*\n$/);
    } finally {
      await berth.close();
    }
  });

  test('the first Ctrl-C cancels it on the server', async () => {
    const berth = await Berth.start({ environment: { BERTH_SMALL_APP: 'hang' } });
    try {
      const run = start(berth.url, ['create', 'cancelled']);
      await scaffolding(berth);
      run.child.kill('SIGINT');
      await run.end();
      assert.equal(run.code, 130);
      assert.match(run.stderr, /berth: cancelling the create of "cancelled"[^\n]*\nberth: the create of "cancelled" was cancelled; nothing of it is left\n$/);
      assert.deepEqual((await berth.get('/api/operations')).body, []);
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    } finally {
      await berth.close();
    }
  });

  test('cancel, from another terminal', async () => {
    const berth = await Berth.start({ environment: { BERTH_SMALL_APP: 'hang' } });
    try {
      const run = start(berth.url, ['create', 'unwanted']);
      await scaffolding(berth);
      assert.match((await cli(berth.url, ['operations'])).stdout, /^NAME .*\nunwanted +scaffolding +\d+ +[a-z0-9]{10} +hanging\n$/);
      const cancelled = await cli(berth.url, ['cancel', 'UNWANTED']);
      assert.deepEqual([cancelled.code, cancelled.stdout], [0, 'cancelled unwanted\n']);
      await run.end();
      assert.equal(run.code, 1);
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    } finally {
      await berth.close();
    }
  });

  test('a server that dies meanwhile', async () => {
    const berth = await Berth.start({ environment: { BERTH_SMALL_APP: 'hang' } });
    try {
      const run = start(berth.url, ['create', 'orphan']);
      await scaffolding(berth);
      await berth.kill();
      await run.end();
      assert.equal(run.code, 3);
      assert.match(run.stderr, /berth: the server at [^\n]* went away before it answered; start it again with: berth serve\n$/);
      await berth.serve();
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    } finally {
      await berth.close();
    }
  });
});
