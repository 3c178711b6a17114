// pm2's daemon, killed or left alone while it starts: there is one, soon, and never a second.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { family } from './chaos/machine.mjs';
import { Berth, eventually } from './support/berth.mjs';

describe("pm2's daemon while it starts", { timeout: 240_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('app');
  });
  after(() => berth.close());

  const daemons = () => family(berth.pm2Home).filter((p) => p.isDaemon);
  const bridge = () => family(berth.pm2Home).find((p) => p.isBridge);
  const kill = ({ pid }) => process.kill(pid, 'SIGKILL');

  /** The next daemon, as soon as its process is there: it does not listen yet. */
  async function starting() {
    const [old] = daemons();
    kill(old);
    return eventually('a new daemon starts', () => daemons().find((p) => p.pid !== old.pid));
  }

  async function isRight() {
    await eventually('pm2 is connected', async () => (await berth.get('/api/health')).body.pm2.connected, 10);
    assert.equal((await berth.app(app.id)).status, 'unknown');
    assert.equal(daemons().length, 1, JSON.stringify(daemons()));
    assert.equal(berth.daemonPid, daemons()[0].pid);
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
  }

  test('killed then, the next one is started at once', async () => {
    kill(await starting());
    await isRight();
  });

  test('the bridge killed then, the next bridge takes the daemon that is coming', async () => {
    const { pid } = await starting();
    kill(bridge());
    await isRight();
    assert.equal(berth.daemonPid, pid);
  });

  test('the server killed then, the next server takes the daemon that is coming', async () => {
    const { pid } = await starting();
    await berth.kill('SIGKILL');
    await berth.serve();
    await isRight();
    assert.equal(berth.daemonPid, pid);
  });
});

// A stand-in for the daemon, as the moment cannot be met with a real one: its first socket is there, its second never comes.
test('a daemon that dies while the bridge connects: the bridge ends, to be started again', { timeout: 60_000 }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'berth-daemon-'));
  const connections = [];
  const daemon = net.createServer((socket) => connections.push(socket.on('error', () => {})));
  await new Promise((done) => daemon.listen(path.join(home, 'rpc.sock'), done));
  const bridge = spawn(process.execPath, [fileURLToPath(new URL('../../src/pm2/bridge/bridge.mjs', import.meta.url))], {
    env: { ...process.env, PM2_HOME: home },
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise((done) => bridge.once('exit', done));
  try {
    await eventually('the bridge has its first connection', () => connections.length >= 3); // a look, a ping, and the one that stays
    daemon.close();
    for (const socket of connections) socket.destroy();
    const code = await Promise.race([ended, new Promise((done) => setTimeout(done, 10_000, 'it waits for ever').unref())]);
    assert.equal(code, 73);
  } finally {
    bridge.kill('SIGKILL');
    await ended;
    rmSync(home, { recursive: true });
  }
});

// Each takes the lock again and again, holds it for a moment, in which nobody else may, and lets go of it, or ends with it in its hand.
test('the right to start a daemon is one process’s at a time, and goes with it', { timeout: 120_000 }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'berth-lock-'));
  const code = (dies) => `
    import fs from 'node:fs';
    import { takeLock } from ${JSON.stringify(new URL('../../src/pm2/bridge/launch_lock.mjs', import.meta.url).href)};
    const held = ${JSON.stringify(path.join(home, 'held'))};
    let had = 0;
    for (const end = Date.now() + 3000; Date.now() < end; ) {
      const release = await takeLock(${JSON.stringify(home)});
      if (!release) continue;
      fs.writeFileSync(held, '', { flag: 'wx' });
      fs.rmSync(held);
      if (++had === 3 && ${dies}) process.kill(process.pid, 'SIGKILL');
      release();
      await new Promise((done) => setTimeout(done, 1));
    }
    console.log(had);`;
  try {
    const workers = Array.from({ length: 6 }, (_, i) => spawn(process.execPath, ['--input-type=module', '-e', code(i < 3)], { stdio: ['ignore', 'pipe', 'pipe'] }));
    const said = await Promise.all(
      workers.map(async (worker) => {
        let text = '';
        for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (piece) => (text += piece));
        await new Promise((done) => worker.once('close', done));
        return text.trim();
      }),
    );
    assert.deepEqual(said.slice(0, 3), ['', '', '']); // killed
    for (const text of said.slice(3)) assert.ok(Number(text) > 3, text);
  } finally {
    rmSync(home, { recursive: true });
  }
});
