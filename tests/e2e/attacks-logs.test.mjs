// What apps write, when they mean harm: a hundred megabytes without a line end, every kind of escape sequence, in logs, in a
// scaffold's output and in a process's name. Memory stays flat, answers stay within their bounds, a terminal is told nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import WebSocket from 'ws';

import { Berth, eventually } from './support/berth.mjs';
import { cli, start, startOnTerminal } from './support/cli.mjs';
import { tree } from './support/processes.mjs';
import { resident } from './support/raw.mjs';

const logFile = (berth, id, kind = 'out') => path.join(berth.root, 'logs', `orch-${id}-${kind}.log`);

/** Text a terminal may be given: colours (SGR) apart, no control character but line ends and tabs, no mark that turns text. */
function assertHarmless(text, what) {
  const plain = text.replace(/\x1b\[[0-9;:]*m/g, '');
  const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u.exec(plain);
  assert.equal(found, null, `${what}: ${JSON.stringify(plain.slice(Math.max(0, (found?.index ?? 0) - 40), (found?.index ?? 0) + 40))}`);
}

describe('a hundred megabytes without a line end', { timeout: 240_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start({ environment: { BERTH_LOG_LIMIT: String(2 ** 40) } }); // rotation is another test's
    app = await berth.online('endless');
  });
  after(() => berth.close());

  test('reach a follower whole, byte for byte; server, bridge and command line stay small; a tail is within its bound', async () => {
    const megabytes = 100;
    const bridge = tree(berth.child.pid).find((p) => p.command.includes('bridge.mjs')).pid;
    const before = { server: resident(berth.child.pid), bridge: resident(bridge) };
    const peak = { server: 0, bridge: 0, cli: 0 };
    const socket = new WebSocket(`ws://localhost:${berth.port}/api/events`);
    await new Promise((done) => socket.once('open', done));
    const follow = start(berth.url, ['logs', '-f', '-n', '0', '--stdout', app.id]);
    const both = start(berth.url, ['logs', '-f', '-n', '0', app.id]); // by lines: it has to hold one
    // Nothing says that -n 0 follows now; so a line is written until it comes.
    await eventually('both follow', async () => {
      await berth.ask(app, '/log?text=begin');
      return follow.stdout && both.stdout;
    });
    const shown = [0, 0];
    for (const [i, run] of [follow, both].entries()) run.child.stdout.removeAllListeners('data').on('data', (text) => (shown[i] += text.length));
    let begun = -1;
    await eventually('the log rests', () => begun === (begun = statSync(logFile(berth, app.id)).size));
    let at = begun, wrong = 0;
    socket.on('message', (data) => {
      const m = JSON.parse(data);
      if (m.type !== 'log' || m.stream !== 'stdout') return;
      if (m.from !== at || m.text.length !== m.to - m.from || /[^x]/.test(m.text)) wrong++;
      at = m.to;
    });
    socket.send(JSON.stringify({ type: 'follow', id: app.id, from: { stdout: begun, stderr: 0 } }));
    const written = berth.ask(app, `/flood?mb=${megabytes}`);
    await eventually('every byte is here', () => {
      peak.server = Math.max(peak.server, resident(berth.child.pid));
      peak.bridge = Math.max(peak.bridge, resident(bridge));
      peak.cli = Math.max(peak.cli, resident(follow.child.pid), resident(both.child.pid));
      return at >= begun + (megabytes << 20);
    }, 120);
    await written;
    assert.equal(at, begun + (megabytes << 20));
    assert.equal(wrong, 0);
    await eventually('the command line has shown nearly all', () => Math.min(...shown) > (megabytes - 1) << 20, 60);
    console.log(`${megabytes} MiB: server +${(peak.server - before.server).toFixed(1)}, bridge +${(peak.bridge - before.bridge).toFixed(1)}, command line ${peak.cli.toFixed(1)} MiB`);
    assert.ok(peak.server - before.server < 24, `the server grew by ${peak.server - before.server} MiB`);
    assert.ok(peak.bridge - before.bridge < 64, `the bridge grew by ${peak.bridge - before.bridge} MiB`);
    assert.ok(peak.cli < 64, `the command line grew to ${peak.cli} MiB`);
    for (const run of [follow, both]) {
      run.child.kill('SIGINT');
      await run.end();
    }
    socket.terminate();
    for (const tail of [1, 200, 10_000]) {
      const { body } = await berth.get(`/api/apps/${app.id}/logs?tail=${tail}`);
      assert.equal(body.stdout.length, 1 << 20, 'the end of the one line, a mebibyte of it');
    }
    const last = await cli(berth.url, ['logs', '-n', '1', '--stdout', app.id]);
    assert.equal(last.code, 0);
    assert.ok(last.stdout.length <= (1 << 20) + 1);
    const { headers } = await berth.raw('HEAD', `/api/apps/${app.id}/logs/stdout`);
    assert.equal(Number(headers['content-length']), at);
    assert.equal((await berth.app(app.id)).status, 'online');
  });
});

describe('escape sequences', { timeout: 240_000 }, () => {
  const id = 'aaaaaaaa01';
  const sequences = [
    '\x1b]52;c;cm0gLXJmIH4=\x07', '\x1b]52;p;?\x1b\\', // the clipboard, written and asked for
    '\x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07', '\x1b]0;title\x07', '\x1b]2;title\x1b\\', '\x1b[21t', '\x1b[14t', '\x1b[8;1;1t', // links, titles, the window
    '\x1b[c', '\x1b[>c', '\x1b[=c', '\x1b[5n', '\x1b[6n', '\x1b[?6n', '\x1b]10;?\x07', '\x1b]4;0;?\x07', '\x1bZ', '\x05', '\x1b[x', '\x1bP$qm\x1b\\', '\x1bP+q544e\x1b\\', // questions that a terminal types the answer to
    '\x1b[2J', '\x1b[3J', '\x1b[H', '\x1b[1A\x1b[2K', '\x1b[?1049h', '\x1b[?25l', '\x1bc', '\x1b#8', '\x1b[!p', '\x1b(0', '\x0e', '\x0f', '\x1b[4h', '\x1b[20l', '\x1b[r', '\x1b[12l', // the screen and its state
    '\x1b[?1000h', '\x1b[?1003h', '\x1b[?2004h', '\x1b[>4;2m', '\x1b[?9001h', '\x1b[i', '\x1b[5i', // the mouse, paste, keys, the printer
    '\x1b]1337;File=name=eA==;inline=1:eA==\x07', '\x1bP0;0;0q"1;1;1;1#0~\x1b\\', '\x1b_Gf=100;AAAA\x1b\\', '\x1bX secret \x1b\\', '\x1b^ secret \x1b\\', '\x1b]777;notify;a;b\x07', '\x1b]9;a\x07', // files, pictures, notices
    '\x9b2J', '\x9d0;title\x9c', '\x90q\x9c', '\x8e', '\x84', '\u009b2J', '\u009d0;title\u009c', // the same in eight bits
    '\x08\x08\x08', '\x7f', '\x00', '\x0b', '\x0c', '\r', '\u202e', '\u2066', '\u200f', '\u2028', '\x1b[38;5;1m\x1b[m', '\x1b[1;', '\x1b]unended',
  ];
  const text = sequences.map((s, i) => `before ${i} ${s} after ${i}\n`).join('') + 'the end\n';
  let berth;
  before(async () => {
    const app = { id, name: 'shouts', category: null, directory: `./created-apps/${id}`, port: 20_001, createdAt: '2026-01-31T14:30:00.000Z',
      pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0 };
    berth = await Berth.start({ manifest: JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: { [id]: app } }) });
    mkdirSync(path.join(berth.root, 'logs'), { recursive: true });
    // A third of them as bytes, as an app would write the eight-bit ones, the rest in UTF-8.
    writeFileSync(logFile(berth, id), Buffer.concat([Buffer.from(text, 'utf8'), Buffer.from(text, 'latin1')]));
    writeFileSync(logFile(berth, id, 'error'), text);
  });
  after(() => berth.close());

  test('never reach a terminal or a pipe through the command line, whole or in pieces; what stands around them does', async () => {
    for (const words of ['logs -n 10000', 'logs -n 10000 --stdout', 'logs -n 10000 --stderr'])
      for (const environment of [{}, { NO_COLOR: '1' }]) {
        const run = await startOnTerminal(berth.url, `berth ${words} shouts`, environment).end();
        assertHarmless(run.stdout, words);
        assert.doesNotMatch(run.stdout, /cm0gLXJm|javascript|title\x07|secret|inline=1/);
        if (environment.NO_COLOR) assert.doesNotMatch(run.stdout, /\x1b/);
        for (let i = 0; i < sequences.length - 1; i++) assert.ok(run.stdout.includes(`before ${i} `), `before ${i}`);
        assert.match(run.stdout, /the end/);
      }
    const follow = start(berth.url, ['logs', '-f', '-n', '0', '--stdout', 'shouts']);
    await eventually('it follows', () => {
      appendFileSync(logFile(berth, id), 'begin\n');
      return follow.stdout.includes('begin\n');
    });
    const bytes = Buffer.from(text, 'utf8');
    for (let at = 0; at < bytes.length; at += 7) appendFileSync(logFile(berth, id), bytes.subarray(at, at + 7));
    appendFileSync(logFile(berth, id), `\x1b]52;c;${'A'.repeat(300_000)}`); // a string without an end hides no more than a piece
    appendFileSync(logFile(berth, id), '\nafter the string\n');
    await follow.says('after the string\n');
    follow.child.kill('SIGINT');
    await follow.end();
    assertHarmless(follow.stdout, 'logs -f');
    assert.match(follow.stdout, /the end\n/);
    const json = await startOnTerminal(berth.url, 'berth logs -n 10000 --json shouts').end();
    assertHarmless(json.stdout, '--json on a terminal');
    const piped = await cli(berth.url, ['logs', '-n', '10000', '--json', 'shouts']);
    assert.match(JSON.parse(piped.stdout)[0].stdout, /\x1b\]52/, 'a script gets what was written');
  });
});

describe('words of others', { timeout: 240_000 }, () => {
  test('of a scaffold that fails: its last lines are told without what would move a terminal', async () => {
    const script = `for (const s of ['\\x1b]52;c;ZXZpbA==\\x07', '\\x1b[2J\\x1b[H', '\\x1b]0;t\\x07', '\\x9b6n', '\\u202e', '\\0', '\\x1b[31mred\\x1b[0m']) console.error('line ' + s + ' end'); process.stderr.write('y'.repeat(3e6)); process.exit(3)`;
    const berth = await Berth.start({ scaffold: `${process.execPath} -e "${script.replaceAll('\\', '\\\\')}"` });
    try {
      const { status, body } = await berth.post('/api/apps', { name: 'fails' });
      assert.equal(status, 500);
      assertHarmless(body.detail, 'the answer');
      assert.doesNotMatch(body.detail, /ZXZpbA|\x1b/);
      assert.match(body.detail, /line .*end/);
      assert.ok(body.detail.length < 16_000, `${body.detail.length}`);
      const run = await startOnTerminal(berth.url, 'berth create "fails too"').end();
      assert.equal(run.code, 1);
      assertHarmless(run.stdout.replaceAll('\x1b[K', ''), 'create'); // its own progress line
      assert.doesNotMatch(run.stdout, /ZXZpbA/);
    } finally {
      await berth.close();
    }
  });

  test('of a process that has taken the port, in its very name', async () => {
    const berth = await Berth.start();
    const app = await berth.online('robbed');
    await berth.post(`/api/apps/${app.id}/stop`);
    const listen = `process.title = '\\x1b[2J\\x1b]0;x\\x07\\x9b'; require('node:http').createServer().listen(${app.port}, () => console.log('listening'))`;
    const thief = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await new Promise((done) => thief.stdout.once('data', done));
      await berth.post(`/api/apps/${app.id}/restart`);
      const errored = await berth.reaches(app.id, 'errored');
      assert.match(errored.statusReason, new RegExp(`in use by .*pid ${thief.pid}`));
      assertHarmless(errored.statusReason, 'the reason');
      assert.doesNotMatch(errored.statusReason, /\x1b/);
      for (const line of ['berth ls', 'berth show robbed']) assertHarmless((await startOnTerminal(berth.url, line, { columns: 200 }).end()).stdout, line);
    } finally {
      thief.kill('SIGKILL');
      await berth.close();
    }
  });
});
