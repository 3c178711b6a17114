// The command line where it lives long: logs -f and ls --watch, lost servers, closed pipes, Ctrl-C, terminals, completion.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause, program } from './support/berth.mjs';
import { cli, start, startOnTerminal, startShell, withoutColours } from './support/cli.mjs';

const logFile = (berth, app, kind = 'out') => path.join(berth.root, 'logs', `orch-${app.id}-${kind}.log`);

const stopped = (id, name, port) => ({
  id, name, category: null, directory: `./created-apps/${id}`, port, createdAt: '2026-01-31T14:30:00.000Z', pmId: null, pid: 0,
  status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0,
});

/** A server whose apps were never started: their logs are written here. */
async function berthWith(...apps) {
  const manifest = { version: '1.0.0', portRange: [20_000, 20_099], apps: Object.fromEntries(apps.map((a) => [a.id, a])) };
  const berth = await Berth.start({ manifest: JSON.stringify(manifest) });
  mkdirSync(path.join(berth.root, 'logs'), { recursive: true });
  return berth;
}

describe('following logs', { timeout: 240_000 }, () => {
  const app = stopped('aaaaaaaa01', 'Shop', 20_001);
  let berth;
  before(async () => (berth = await berthWith(app)));
  after(() => berth.close());
  const write = (text, kind) => appendFileSync(logFile(berth, app, kind), text);

  test('the last lines, then what is written, each byte once, over a killed server', async () => {
    for (let i = 0; i < 500; i++) write(`line ${i}\n`);
    const run = start(berth.url, ['logs', '-f', '-n', '3', '--stdout', 'Shop']);
    await run.says('line 499\n');
    let next = 500;
    const expected = () => Array.from({ length: next - 497 }, (_, i) => `line ${497 + i}\n`).join('');
    const more = (count) => {
      for (const end = next + count; next < end; next++) write(`line ${next}\n`);
    };
    more(2000);
    await run.says(`line ${next - 1}\n`);
    await berth.kill();
    await run.says('has gone', 'stderr');
    more(2000);
    await berth.serve();
    more(10);
    await run.says(`line ${next - 1}\n`);
    await berth.kill('SIGTERM');
    await berth.ended;
    more(10);
    await berth.serve();
    more(10);
    await run.says(`line ${next - 1}\n`);
    run.child.kill('SIGINT');
    await run.end();
    assert.equal(run.code, 130);
    assert.equal(run.stdout, expected());
    assert.match(run.stderr, /^(berth: the server at [^\n]* has gone; waiting 60 s for it \(Ctrl-C ends\)\n){2}$/);
  });

  test('a server that does not come back is exit code 3', async () => {
    const run = start(berth.url, ['logs', '-f', '-n', '1', 'Shop', '--reconnect', '1']);
    await run.says('line');
    await berth.kill();
    await run.end();
    assert.equal(run.code, 3);
    assert.match(run.stderr, /berth: no berth server at [^\n]*; start one with: berth up[^\n]*\n$/);
    await berth.serve();
  });

  test('a reader that goes ends it at once, and quietly', async () => {
    for (const follow of ['logs -f Shop', 'ls --watch', 'ls --watch --json', 'logs -f --json Shop']) {
      const run = await startShell(berth.url, `berth ${follow} | head -1`).end();
      assert.equal(run.code, 0);
      assert.equal(run.stdout.split('\n').length, 2, run.stdout);
      assert.equal(run.stderr, '');
    }
    const piped = await startShell(berth.url, 'set -o pipefail; berth logs Shop -n 10000 | head -1').end();
    assert.deepEqual([piped.code, piped.stderr], [0, '']);
  });

  test('Ctrl-C is quiet and 130; SIGTERM is 143', async () => {
    for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]])
      for (const words of [['logs', '-f', 'Shop'], ['ls', '--watch']]) {
        const run = start(berth.url, words);
        await run.says('\n');
        run.child.kill(signal);
        await run.end();
        assert.deepEqual([run.code, run.stderr], [code, '']);
      }
  });

  test('--json: the messages of the server, one a line', async () => {
    const run = start(berth.url, ['logs', '-f', '-n', '1', '--json', 'Shop']);
    await run.says('\n');
    const at = run.stdout.length;
    write('{"structured": true}\n');
    await run.says('structured');
    const message = JSON.parse(run.stdout.slice(at));
    assert.equal(message.type, 'log');
    assert.equal(message.text, '{"structured": true}\n');
    run.child.kill('SIGINT');
    await run.end();
  });

  test('both streams come in whole lines, one stream as it is written', async () => {
    const both = start(berth.url, ['logs', '-f', '-n', '0', 'Shop']);
    const one = start(berth.url, ['logs', '-f', '-n', '0', '--stdout', 'Shop']);
    // Nothing says that -n 0 follows now; so a first line is written until it comes.
    await eventually('both follow', () => {
      write('begin\n');
      return both.stdout.includes('begin\n') && one.stdout.includes('begin\n');
    });
    write('half of ');
    await one.says('half of ');
    write('oops\n', 'error');
    await both.says('oops\n');
    write('a line\n');
    await both.says('half of a line\n');
    for (const run of [both, one]) {
      run.child.kill('SIGINT');
      await run.end();
    }
    assert.doesNotMatch(both.stdout, /half of oops/);
    assert.doesNotMatch(one.stdout, /oops/);
  });

  test('escape sequences never reach the terminal, colours do unless NO_COLOR is set', async () => {
    write('\x1b[31mred\x1b[0m \x1b]0;title\x07\x1b[2J\x1b[Hhome \x9b5n\u202Eevil\x1b[c\n');
    const shown = async (environment) =>
      (await startOnTerminal(berth.url, 'berth logs -n 1 --stdout Shop', environment).end()).stdout.replaceAll('\r', '');
    assert.equal(await shown(), '\x1b[31mred\x1b[0m home evil\n');
    assert.equal(await shown({ NO_COLOR: '1' }), 'red home evil\n');
    const piped = await cli(berth.url, ['logs', '-n', '1', '--stdout', 'Shop']);
    assert.equal(piped.stdout, 'red home evil\n');
    const both = await startOnTerminal(berth.url, 'berth logs -n 1 Shop').end();
    assert.match(both.stdout, /\x1b\[2mout \x1b\[0m\x1b\[31mred\x1b\[0m home/);
    assert.match(both.stdout, /\x1b\[2merr \x1b\[0moops/);
  });

  test('an app that is deleted ends it', async () => {
    const run = start(berth.url, ['logs', '-f', 'Shop']);
    await run.says('line');
    assert.equal((await cli(berth.url, ['rm', '-y', 'Shop'])).code, 0);
    await run.end();
    assert.deepEqual([run.code, run.stderr], [0, 'berth: "Shop" was deleted\n']);
  });
});

describe('on a terminal', { timeout: 240_000 }, () => {
  const wide = stopped('aaaaaaaa01', '漢字の名前がとても長い場合 shop', 20_001);
  const plain = stopped('bbbbbbbb02', 'plain', 20_002);
  let berth;
  before(async () => (berth = await berthWith(wide, plain)));
  after(() => berth.close());
  const terminal = (line, options) => startOnTerminal(berth.url, line, options);

  test('tables fit, with an ellipsis, in colours; without a terminal they are whole and plain', async () => {
    const columnsOf = (line) => [...line].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e80 ? 2 : 1), 0);
    for (const columns of [100, 60, 40, 20]) {
      const { stdout } = await terminal('berth ls', { columns }).end();
      const lines = withoutColours(stdout).replaceAll('\r', '').trimEnd().split('\n');
      assert.equal(lines.length, 3);
      for (const line of lines) assert.ok(columnsOf(line) <= columns, `${columns}: ${line}`);
      assert.match(stdout, /\x1b\[2m/);
    }
    assert.match((await terminal('berth ls', { columns: 40 }).end()).stdout, /漢[^ ]*…/);
    assert.doesNotMatch((await terminal('berth ls', { NO_COLOR: '1' }).end()).stdout, /\x1b/);
    assert.doesNotMatch((await terminal('berth ls', { TERM: 'dumb' }).end()).stdout, /\x1b/);
    const piped = await cli(berth.url, ['ls'], { COLUMNS: '20' });
    assert.match(piped.stdout, new RegExp(`${wide.name}  stopped  20001 .* ${wide.id}\n`));
    assert.doesNotMatch(piped.stdout, /\x1b|…/);
  });

  test('rm asks', async () => {
    const no = terminal('berth rm plain');
    await no.says('Delete "plain" with all files? [y/N] ');
    no.type('n\n');
    await no.end();
    assert.equal(no.code, 1);
    assert.match(no.stdout, /nothing was deleted/);
    const interrupted = terminal('berth rm plain');
    await interrupted.says('[y/N] ');
    interrupted.type('\x03');
    await interrupted.end();
    assert.equal(interrupted.code, 130);
    assert.equal((await berth.get('/api/apps/bbbbbbbb02')).status, 200);
    const yes = terminal('berth rm --all');
    await yes.says(/Delete 2 apps \(.*\) with all files\? \[y\/N\] /);
    yes.type('Yes\n');
    await yes.end();
    assert.equal(yes.code, 0);
    assert.match(yes.stdout, /deleted plain/);
    assert.deepEqual((await berth.get('/api/apps')).body, []);
  });

  test('ls --watch is a live table; elsewhere it says what changes', async () => {
    const live = terminal('berth ls --watch', { columns: 80, rows: 10 });
    const lines = start(berth.url, ['ls', '--watch']);
    const json = start(berth.url, ['ls', '--watch', '--json']);
    await live.says('NAME');
    await lines.says('NAME');
    await json.says('[]\n');
    const app = await berth.online('watched');
    await live.says(/watched.*online/);
    await lines.says(`${app.id}  watched  online  http://localhost:${app.port}\n`);
    await json.says(/"status":"online"/);
    await cli(berth.url, ['rm', '-y', 'watched']);
    await lines.says(`${app.id}  deleted\n`);
    await json.says(/\n\[\]\n$/);
    for (const line of json.stdout.trimEnd().split('\n')) assert.ok(Array.isArray(JSON.parse(line)));
    live.type('\x03');
    await live.end();
    assert.equal(live.code, 130);
    for (const run of [lines, json]) {
      run.child.kill('SIGINT');
      await run.end();
      assert.deepEqual([run.code, run.stderr], [130, '']);
    }
  });

  test('create shows its progress in one line', async () => {
    const run = await terminal('berth create "on a terminal" --wait').end();
    assert.equal(run.code, 0, run.stdout);
    assert.match(run.stdout, /\r\x1b\[Kon a terminal: scaffolding/);
    assert.match(run.stdout, /\r\x1b\[Kon a terminal  online  http:\/\/localhost:\d+ {2}\(id \w+\)\r\n$/);
    await cli(berth.url, ['rm', '-y', 'on a terminal']);
  });
});

describe('logs of several apps', { timeout: 240_000 }, () => {
  let berth;
  before(async () => {
    berth = await berthWith({ ...stopped('aaaaaaaa01', 'Shop', 20_001), category: 'demos' }, { ...stopped('bbbbbbbb02', 'mill', 20_002), category: 'demos' },
      stopped('cccccccc03', 'other', 20_003), stopped('dddddddd04', 'late', 20_004));
    for (const id of ['aaaaaaaa01', 'bbbbbbbb02', 'cccccccc03']) appendFileSync(logFile(berth, { id }), `one of ${id[0]}\ntwo of ${id[0]}\n`);
  });
  after(() => berth.close());

  test('by name, by category and all, each line with its app', async () => {
    const out = async (...words) => (await cli(berth.url, ['logs', ...words])).stdout;
    assert.equal(await out('Shop', 'mill', '--tail', '1'), 'Shop two of a\nmill two of b\n');
    assert.equal((await out('-c', 'demos', '--grep', 'one')).split('\n').toSorted().join('\n'), '\nShop one of a\nmill one of b');
    assert.equal((await out('--all', '-n', '1')).split('\n').length, 4);
    assert.deepEqual(JSON.parse(await out('--all', '--json')).map((each) => each.stdout.length).toSorted(), [0, 18, 18, 18]);
  });

  test('only what came since, once and followed', async () => {
    const file = logFile(berth, { id: 'dddddddd04' });
    const out = async (...words) => (await cli(berth.url, ['logs', 'late', ...words])).stdout;
    const anHourAgo = new Date(Date.now() - 3_600_000);
    writeFileSync(`${file}.made`, 'old of d\n');
    utimesSync(`${file}.made`, anHourAgo, anHourAgo);
    renameSync(`${file}.made`, file);
    assert.equal(await out('--since', '2h'), 'old of d\n');
    assert.equal(await out('--since', '10m'), '');
    appendFileSync(file, 'new of d\n');
    assert.equal(await out('--since', '10m'), 'new of d\n');
    assert.equal(await out('--since', '10m', '-n', '0'), '');
    const run = start(berth.url, ['logs', '-f', '--since', '10m', 'late']);
    await run.says('new of d\n');
    appendFileSync(file, 'newer of d\n');
    await run.says('newer of d\n');
    run.child.kill('SIGINT');
    await run.ended;
    assert.equal(run.stdout.includes('old'), false);
    const { body } = await berth.get('/api/apps/late/logs?regex=true&grep=%5En..%20of');
    assert.equal(body.stdout, 'new of d\n');
    assert.equal((await berth.get('/api/apps/late/logs?regex=true&grep=(')).status, 400);
  });

  test('followed side by side, with the time at which each line came', async () => {
    const run = start(berth.url, ['logs', '-f', '-t', '-n', '1', '--stdout', 'Shop', 'mill']);
    await run.says('- Shop two of a\n');
    await run.says('- mill two of b\n');
    appendFileSync(logFile(berth, { id: 'bbbbbbbb02' }), 'three of b\n');
    await run.says(/^\d\d:\d\d:\d\d\.\d{3} mill three of b\n/m);
    await berth.delete('/api/apps/aaaaaaaa01');
    await run.says('"Shop" was deleted', 'stderr');
    appendFileSync(logFile(berth, { id: 'bbbbbbbb02' }), 'four of b\n');
    await run.says('mill four of b\n');
    run.child.kill('SIGINT');
    await run.end();
    assert.equal(run.code, 130);
  });
});

describe('completion', { timeout: 240_000 }, () => {
  let berth, home, elsewhere;
  before(async () => {
    const apps = [stopped('aaaaaaaa01', 'two words', 20_001), { ...stopped('bbbbbbbb02', 'plain', 20_002), category: 'test bed' }, stopped('cccccccc03', 'beta: one', 20_003)];
    berth = await berthWith(...apps);
    elsewhere = await berthWith(stopped('dddddddd04', 'elsewhere', 20_004));
    home = mkdtempSync(path.join(os.tmpdir(), 'berth-'));
    mkdirSync(path.join(home, 'bin'));
    symlinkSync(program, path.join(home, 'bin/berth'));
    mkdirSync(path.join(home, 'folders/onlyone'), { recursive: true });
  });
  after(async () => {
    await berth.close();
    await elsewhere.close();
    rmSync(home, { recursive: true, force: true });
  });

  // What is typed up to the Tab, and what of the answer must then be seen. `show` prints the app it was given.
  const typed = () => [
    ['berth sho\ttw\t', /two words {2}stopped\r\n[^]*id +aaaaaaaa01/],
    ['~/bin/berth show pl\t', /plain {2}stopped\r\n[^]*id +bbbbbbbb02/],
    ['berth ls --category=te\t', /NAME [^]*plain[^]*bbbbbbbb02/],
    ['berth show two\\ \t', /two words {2}stopped\r\n/],
    ['berth show "two w\t', /two words {2}stopped\r\n/],
    ["berth show 'two w\t", /two words {2}stopped\r\n/],
    ['berth show beta:\t', /beta: one {2}stopped\r\n/],
    [`berth --url ${elsewhere.url} show else\t`, /elsewhere {2}stopped\r\n/],
    ['berth serve --port 0 --root ~/folders/on\t', /onlyone\//],
  ];

  for (const [shell, command] of [['bash', 'bash --norc --noprofile -i'], ['zsh', 'zsh -f -i'], ['fish', 'fish --no-config -i']])
    test(`${shell} completes what is typed`, async () => {
      const run = startOnTerminal(berth.url, command, { TERM: 'dumb', HOME: home, ZDOTDIR: home, XDG_DATA_HOME: home, columns: 200 });
      try {
        if (shell === 'fish') run.type('function fish_prompt; echo "> "; end; berth completion fish | source; echo load"ed"\n');
        else run.type(`PS1='> '; source <(berth completion ${shell}); echo load"ed"\n`);
        await run.says(/loaded\r?\n/);
        for (const [keys, answer] of typed()) {
          run.stdout = '';
          run.type(keys);
          await quiet(run);
          // What the shell has not closed itself is left open on the line: it is closed here.
          run.type('\n');
          await run.says(answer).catch((error) => assert.fail(`${keys.trim()}: ${error.message}`));
          await quiet(run);
        }
        run.type('exit\n');
        await run.end();
      } finally {
        run.child.kill('SIGKILL');
      }
    });
});

/** Until it has said nothing for a while: a shell that completes does not say when it is done. */
async function quiet(run) {
  for (let before = -1; before !== run.stdout.length; ) {
    before = run.stdout.length;
    await pause(400);
  }
}
