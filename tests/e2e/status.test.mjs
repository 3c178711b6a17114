// Every row of the status table (spec section 3) and of the document's section 10, with the real pm2.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { writeFileSync } from 'node:fs';
import net from 'node:net';

import { Berth, eventually } from './support/berth.mjs';
import { accepts, isAlive, tree, withEnvironment, workingIn } from './support/processes.mjs';

const serverOf = (app) => tree(app.pid).find((p) => p.command.startsWith('small-server') || p.command.includes('server.cjs'));

describe('statuses', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('create, launching until the port is bound, online, memory of the tree', async () => {
    const app = await berth.create('late', 'late'); // binds 1.5 s after its start
    assert.equal(app.status, 'launching');
    assert.equal(app.intent, 'run');
    assert.equal(app.startedAt > 0, true);
    const online = await berth.reaches(app.id, 'online');
    assert.equal(await accepts(app.port), true);
    const grown = await eventually('memory is of the tree', async () => {
      const now = await berth.app(app.id);
      return now.memoryMB > now.wrapperMemoryMB && now;
    });
    assert.ok(grown.pid > 0 && grown.pmId !== null);
    assert.equal(online.statusReason, null);
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('stop is verified; a second stop has nothing to do; restart; delete leaves nothing', async () => {
    const app = await berth.online('cycle');
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(stopped.status, 200);
    assert.equal(stopped.body.status, 'stopped');
    assert.equal(stopped.body.operation, null);
    assert.equal(stopped.body.memoryMB, 0);
    assert.equal(await accepts(app.port), false);
    assert.deepEqual(workingIn(berth.directory(app)), []);
    const again = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(again.status, 409);
    assert.equal(again.body.code, 'not_running');

    await berth.post(`/api/apps/${app.id}/restart`);
    const back = await berth.reaches(app.id, 'online');
    const restarted = await berth.post(`/api/apps/${app.id}/restart`);
    assert.equal(restarted.body.restarts, back.restarts + 1);
    const now = await berth.reaches(app.id, 'online');
    assert.notEqual(now.pid, back.pid);
    assert.match(await berth.ask(app, '/'), /hello/);

    const gone = await berth.delete(`/api/apps/${app.id}?cleanup=true`);
    assert.deepEqual(gone.body, { id: app.id, warning: null });
    assert.equal((await berth.get(`/api/apps/${app.id}`)).body.code, 'app_not_found');
    assert.deepEqual(workingIn(berth.directory(app)), []);
    assert.equal(await accepts(app.port), false);
    assert.equal(berth.manifest().apps[app.id], undefined);
    assert.doesNotMatch(await berth.pm2('jlist'), new RegExp(app.id));
  });

  test('a crash is errored, with its exit code, and its reason', async () => {
    const app = await berth.online('crash');
    await berth.ask(app, '/exit?code=3');
    const errored = await berth.reaches(app.id, 'errored');
    assert.equal(errored.intent, 'run');
    assert.ok(errored.exitCode > 0);
    assert.match(errored.statusReason, /exit/i);
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('kill -9 of the inner server is a crash, whatever the exit code', async () => {
    const app = await berth.online('inner');
    process.kill(serverOf(app).pid, 'SIGKILL');
    const errored = await berth.reaches(app.id, 'errored');
    assert.equal(errored.intent, 'run');
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('kill -9 of the npm wrapper: errored by SIGKILL, and restart clears what lived on', async () => {
    const app = await berth.online('wrapper');
    const family = tree(app.pid);
    assert.ok(family.length >= 3, JSON.stringify(family));
    process.kill(app.pid, 'SIGKILL');
    const errored = await berth.reaches(app.id, 'errored');
    assert.equal(errored.exitSignal, 'SIGKILL');
    assert.match(errored.statusReason, /SIGKILL/);
    assert.equal(await accepts(app.port), true, 'the server proper lives on, re-parented');
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    for (const p of family) assert.equal(isAlive(p.pid), false, JSON.stringify(p));
    process.kill((await berth.app(app.id)).pid, 'SIGKILL');
    await berth.reaches(app.id, 'errored');
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(stopped.body.status, 'stopped');
    assert.equal(await accepts(app.port), false);
    assert.deepEqual(workingIn(berth.directory(app)), []);
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('an app that ignores SIGTERM is ended all the same', async () => {
    const app = await berth.online('stubborn');
    await berth.ask(app, '/stubborn');
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(stopped.body.status, 'stopped');
    assert.equal(await accepts(app.port), false);
    assert.deepEqual(workingIn(berth.directory(app)), []);
    await berth.delete(`/api/apps/${app.id}`);
  });

  test("somebody's own pm2 stop is a wish; pm2 start another; pm2 delete makes it unknown; restart registers it anew", async () => {
    const app = await berth.online('outside');
    await berth.pm2('stop', `orch-${app.id}`);
    const stopped = await berth.reaches(app.id, 'stopped');
    assert.equal(stopped.intent, 'stop');
    await berth.pm2('restart', `orch-${app.id}`);
    const started = await berth.reaches(app.id, 'online');
    assert.equal(started.intent, 'run');
    await berth.pm2('delete', `orch-${app.id}`);
    const unknown = await berth.reaches(app.id, 'unknown');
    assert.equal(unknown.pmId, null);
    assert.match(unknown.statusReason, /no record/);
    assert.equal((await berth.post(`/api/apps/${app.id}/stop`)).body.code, 'not_running');
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('a port taken by a stranger: errored, the stranger named and left alone', async () => {
    const app = await berth.online('port');
    await berth.post(`/api/apps/${app.id}/stop`);
    const stranger = net.createServer().listen(app.port);
    try {
      await berth.post(`/api/apps/${app.id}/restart`);
      const errored = await berth.reaches(app.id, 'errored');
      assert.match(errored.statusReason, new RegExp(`port ${app.port} is in use by .*pid ${process.pid}`));
      const deleted = await berth.delete(`/api/apps/${app.id}`);
      assert.equal(deleted.status, 200);
      assert.equal(await accepts(app.port), true, 'the stranger still listens');
    } finally {
      stranger.close();
    }
  });

  test('kill -9 of the bridge: nobody notices', async () => {
    const app = await berth.online('bridge');
    const before = (await berth.get('/api/health')).body.pm2;
    process.kill(before.bridgePid, 'SIGKILL');
    assert.equal((await berth.app(app.id)).status, 'online');
    const now = await eventually('a new bridge', async () => {
      const { pm2 } = (await berth.get('/api/health')).body;
      return pm2.connected && pm2.bridgePid !== before.bridgePid && pm2;
    });
    assert.equal(now.daemonPid, before.daemonPid);
    await berth.ask(app, '/exit?code=1');
    await berth.reaches(app.id, 'errored');
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('kill -9 of the daemon: unknown, the processes are known, restart recovers', async () => {
    const app = await berth.online('daemon');
    const family = tree(app.pid);
    process.kill(berth.daemonPid, 'SIGKILL');
    const unknown = await berth.reaches(app.id, 'unknown');
    assert.equal(unknown.name, 'daemon');
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    for (const p of family) assert.equal(isAlive(p.pid), false, JSON.stringify(p));
    process.kill(berth.daemonPid, 'SIGKILL');
    await berth.reaches(app.id, 'unknown');
    await eventually('stop finds what lives on', async () => {
      const stopped = await berth.post(`/api/apps/${app.id}/stop`);
      return stopped.status === 200 || stopped.body.code === 'not_running';
    });
    assert.equal(await accepts(app.port), false);
    await berth.delete(`/api/apps/${app.id}`);
    assert.deepEqual(workingIn(berth.directory(app)), []);
  });

  test("a folder's own shell is not ended with the app", async () => {
    const app = await berth.online('shell');
    const { spawn } = await import('node:child_process');
    const shell = spawn('sleep', ['60'], { cwd: berth.directory(app), stdio: 'ignore' });
    try {
      await berth.post(`/api/apps/${app.id}/stop`);
      assert.equal(isAlive(shell.pid), true);
    } finally {
      shell.kill('SIGKILL');
    }
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('orphans are shown and left alone', async () => {
    const script = `${berth.home}/orphan.cjs`;
    writeFileSync(script, 'setInterval(() => {}, 1000)');
    await berth.pm2('start', script, '--name', 'orch-nobodyknow', '--namespace', 'app-orchestrator');
    const orphans = await eventually('the orphan is seen', async () => {
      await berth.get('/api/apps');
      const { body } = await berth.get('/api/health');
      return body.orphans.length > 0 && body.orphans;
    });
    assert.equal(orphans[0].name, 'orch-nobodyknow');
    await berth.pm2('delete', 'orch-nobodyknow');
  });

  test('apps get a clean environment', async () => {
    const app = await berth.online('clean', 'the category');
    const environment = JSON.parse(await berth.ask(app, '/env'));
    assert.equal(environment.PORT, String(app.port));
    assert.equal(environment.CATEGORY, 'the category');
    assert.equal(environment.NEXT_TELEMETRY_DISABLED, '1');
    assert.notEqual(environment.NODE_ENV, 'production');
    await berth.delete(`/api/apps/${app.id}`);
  });
});

test('a server that was killed comes back knowing everything', { timeout: 240_000 }, async () => {
  const berth = await Berth.start();
  try {
    const runs = await berth.online('runs');
    const stopped = await berth.online('stopped');
    const crashes = await berth.online('crashes');
    await berth.post(`/api/apps/${stopped.id}/stop`);
    await berth.kill('SIGKILL');
    await berth.ask(crashes, '/exit?code=2');
    await berth.serve();
    assert.equal((await berth.reaches(runs.id, 'online')).pid, runs.pid);
    assert.equal((await berth.app(stopped.id)).status, 'stopped');
    assert.equal((await berth.reaches(crashes.id, 'errored')).exitCode > 0, true);
    await berth.kill('SIGTERM');
    assert.equal(isAlive(runs.pid), true, 'apps run on');
    await berth.pm2('stop', `orch-${runs.id}`);
    await berth.serve();
    await berth.get('/api/apps');
    assert.equal(withEnvironment(`PM2_HOME=${berth.pm2Home}`).length > 0, true);
  } finally {
    await berth.close();
  }
});
