// Sleep and wake by every client: the API, in bulk, the command line, and agents.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause, using } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';
import { Agent, ways } from './support/mcp.mjs';
import { isAlive } from './support/processes.mjs';

describe('sleep and wake', { timeout: 280_000 }, () => {
  let berth, events;

  before(async () => {
    // Nobody is put to sleep but by the test.
    berth = await Berth.start({ flags: ['--sleep-after', 'never', '--memory-floor', '0'] });
    events = await Events.open(berth);
  });
  after(async () => {
    await events?.close();
    await berth?.close();
  });

  const sleep = (app) => berth.post(`/api/apps/${app.id}/sleep`);
  const wake = (app) => berth.post(`/api/apps/${app.id}/wake`);
  const bulk = async (body) => (await berth.post('/api/apps/actions', body)).body.results;
  const end = (...apps) => Promise.all(apps.map((app) => berth.delete(`/api/apps/${app.id}`)));
  const run = async (...words) => {
    const done = await cli(berth.url, words);
    return [done.code, done.stdout, done.stderr];
  };
  /** What clients were shown of its operation since message `from`, in order, each once. */
  const operations = (app, from) =>
    events.messages
      .slice(from)
      .filter((m) => m.type === 'app' && m.app.id === app.id)
      .map((m) => m.app.operation)
      .filter((operation, i, all) => operation && operation !== all[i - 1]);
  const kinds = async (app) => (await berth.get(`/api/activity?app=${app.id}`)).body.entries.map((entry) => entry.kind);

  test('asleep nothing of it lives and all tell so; awake it is as before', async () => {
    const app = await berth.online('otter');
    const pid = Number(await berth.ask(app, '/pid'));
    const from = events.messages.length;

    const slept = await sleep(app);
    assert.equal(slept.status, 200);
    const { asleep, status, intent, operation, statusReason, pid: wrapper } = slept.body;
    assert.deepEqual([asleep, status, intent, operation, wrapper], [true, 'stopped', 'run', null, 0]);
    assert.match(statusReason, /^Asleep since /);
    assert.equal(isAlive(pid), false);
    assert.equal(berth.manifest().apps[app.id].asleep, true);
    assert.equal((await berth.rows()).find((row) => row.name === `orch-${app.id}`).pm2_env.status, 'stopped');
    assert.deepEqual((await berth.get('/api/health')).body.sleep, { afterSeconds: null, memoryFloorPercent: 0, asleep: 1 });
    assert.match((await berth.get('/metrics')).body, /^berth_apps_asleep 1$/m);
    assert.deepEqual((await sleep(app)).body.statusReason, statusReason); // it is, already

    const woken = await wake(app);
    assert.deepEqual([woken.status, woken.body.asleep], [200, false]);
    await berth.reaches(app.id, 'online');
    assert.notEqual(Number(await berth.ask(app, '/pid')), pid);
    assert.equal((await wake(app)).body.status, 'online');
    assert.deepEqual(operations(app, from), ['sleeping', 'waking']);
    assert.equal((await berth.get('/api/health')).body.sleep.asleep, 0);
    const told = await eventually('all is remembered', async () => {
      const all = await kinds(app);
      return all.includes('woke') && all;
    });
    assert.deepEqual(told.filter((kind) => ['slept', 'woke', 'stopped', 'restarted', 'crashed'].includes(kind)), ['woke', 'slept']);
    await end(app);
  });

  test('what cannot sleep or wake says so; a restart wakes, a stop ends the sleep', async () => {
    const app = await berth.online('heron');
    await berth.post(`/api/apps/${app.id}/stop`);
    for (const [refused, code] of [[await sleep(app), 'not_running'], [await wake(app), 'not_asleep']])
      assert.deepEqual([refused.status, refused.body.code], [409, code]);
    assert.equal((await wake({ id: 'nobody' })).status, 404);

    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    await sleep(app);
    const restarted = await berth.post(`/api/apps/${app.id}/restart`);
    assert.deepEqual([restarted.status, restarted.body.asleep], [200, false]);
    await berth.reaches(app.id, 'online');

    await sleep(app);
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.deepEqual([stopped.status, stopped.body.asleep, stopped.body.intent], [200, false, 'stop']);
    assert.equal((await wake(app)).body.code, 'not_asleep');
    await end(app);
  });

  test('many at once: who cannot is named where he was meant, and left out where all were', async () => {
    const [one, two] = await Promise.all([berth.online('one', 'birds'), berth.online('two', 'birds')]);
    const three = await berth.online('three');
    await berth.post(`/api/apps/${two.id}/stop`);

    assert.deepEqual(await bulk({ action: 'sleep', category: 'birds' }), [{ id: one.id, ok: true, error: null }]);
    assert.equal((await berth.app(three.id)).asleep, false);
    const named = await bulk({ action: 'wake', ids: [one.id, two.id] });
    assert.deepEqual(named.map(({ id, ok, error }) => [id, ok, error?.code]), [[one.id, true, undefined], [two.id, false, 'not_asleep']]);
    await berth.reaches(one.id, 'online');
    const all = await bulk({ action: 'sleep', all: true });
    assert.deepEqual(all.map(({ id, ok }) => [id, ok]).sort(), [[one.id, true], [three.id, true]].sort());
    assert.equal((await berth.get('/api/health')).body.sleep.asleep, 2);
    assert.equal((await berth.post('/api/apps/actions', { action: 'sleep', all: true, cleanup: true })).status, 400);
    await end(one, two, three);
  });

  test('typed: sleep, ls, show, wait, open, wake', async () => {
    const [app, other] = await Promise.all([berth.online('owl'), berth.online('rook', 'tower')]);
    assert.deepEqual(await run('sleep', 'owl'), [0, 'put to sleep owl\n', '']);
    assert.deepEqual(await run('sleep', 'owl'), [0, '', 'berth: "owl" sleeps already\n']);
    assert.match((await run('ls'))[1], /^owl +asleep +\d+/m);
    assert.doesNotMatch((await run('ls'))[1], /REASON/);
    assert.deepEqual(await run('ls', '-s', 'asleep', '--format', 'name,status'), [0, 'owl\tasleep\n', '']);
    assert.deepEqual(await run('ls', '-s', 'stopped', '-q'), [0, '', '']);
    assert.deepEqual(JSON.parse((await run('ls', '-s', 'asleep', '--json'))[1]).map((each) => each.status), ['stopped']);
    assert.match((await run('show', 'owl'))[1], /^owl {2}asleep\n {2}reason +Asleep since \d{4}-\d\d-\d\d \d\d:\d\d: somebody put it to sleep/);
    assert.match((await run('why', 'owl'))[1], /^owl: .*[Aa]sleep/);
    assert.match((await run('health'))[1], /^ {2}sleep +only when somebody asks; 1 app sleeps$/m);
    assert.match((await run('activity', 'owl'))[1], /owl +Asleep since /);

    for (const command of ['wait', 'check'])
      assert.deepEqual(await run(command, 'owl'), [1, '', `berth: "owl" sleeps until it is opened; wake it with: berth wake --wait ${app.id}\n`]);
    assert.equal(JSON.parse((await run('check', 'owl', '--json'))[2]).code, 'not_running');
    const opened = await cli(berth.url, ['open', 'owl'], { BROWSER: 'true' });
    assert.deepEqual([opened.code, opened.stdout], [0, `opened ${app.url}\n`]);
    await berth.app(app.id).then((now) => assert.equal(now.asleep, true)); // nothing was sent to it

    assert.deepEqual(await run('wake', 'owl', '--wait'), [0, `woken owl, online at ${app.url}\n`, '']);
    assert.deepEqual(await run('wake', 'owl'), [0, '', `berth: "owl" runs already, at ${app.url}\n`]);
    assert.deepEqual(await run('sleep', '--category', 'tower'), [0, 'put to sleep rook\n', '']);
    assert.deepEqual(await run('sleep', '--category', 'tower'), [0, '', 'berth: nothing to put to sleep\n']);
    assert.deepEqual(await run('wake', '--all', '--wait'), [0, `woken rook, online at ${other.url}\n`, '']);
    assert.deepEqual(await run('wake', '--all'), [0, '', 'berth: nothing to wake\n']);

    assert.deepEqual(JSON.parse((await run('sleep', 'owl', 'rook', '--json'))[1]), {
      results: [app, other].map(({ id }) => ({ id, ok: true, error: null })),
    });
    assert.deepEqual(await run('start', 'owl', '--wait'), [0, `started owl, online at ${app.url}\n`, '']);
    await run('stop', 'rook');
    const refused = await run('wake', 'rook');
    assert.deepEqual([refused[0], refused[1]], [1, '']);
    assert.match(refused[2], /^berth: rook does not sleep/);
    await end(app, other);
  });

  test('--keep-awake is a setting, and one who asks by name puts it to sleep all the same', async () => {
    const app = await berth.online('stork');
    assert.equal((await run('edit', 'stork', '--keep-awake'))[0], 0);
    assert.equal((await berth.app(app.id)).keepAwake, true);
    assert.match((await run('show', 'stork'))[1], /sleeps +only when somebody puts it to sleep/);
    assert.deepEqual(await run('sleep', '--all'), [0, '', 'berth: nothing to put to sleep\n']);
    assert.deepEqual(await run('sleep', 'stork'), [0, 'put to sleep stork\n', '']);
    assert.equal((await run('edit', 'stork', '--no-keep-awake'))[0], 0);
    assert.deepEqual(await berth.app(app.id).then((now) => [now.keepAwake, now.asleep]), [false, true]);
    await end(app);
  });

  test('an agent puts it to sleep, is told that it sleeps, and wakes it by waiting for it', async () => {
    const agent = await Agent.connect(ways.http(berth));
    try {
      const app = await berth.online('wren');
      const slept = await agent.does('sleep_app', { app: 'wren' });
      assert.deepEqual([slept.asleep, slept.status], [true, 'stopped']);
      const listed = await agent.does('list_apps');
      assert.equal(listed.text, '1 app: wren: asleep.');
      assert.deepEqual(listed.apps, [{ id: app.id, name: 'wren', status: 'stopped', url: app.url, asleep: true }]);
      await agent.fails('check_app', { app: 'wren' }, /^wren cannot be checked\. Asleep since .* wait_until_ready wakes it\.$/);
      assert.equal((await berth.app(app.id)).asleep, true);
      const awake = await agent.does('wait_until_ready', { app: 'wren' });
      assert.deepEqual([awake.status, awake.asleep], ['online', undefined]);
      assert.match(await berth.ask(app, '/'), /hello/);
      await berth.post(`/api/apps/${app.id}/stop`);
      await agent.fails('sleep_app', { app: 'wren' }, /not running.*restart_app starts it/);
      await end(app);
    } finally {
      await agent.close();
    }
  });

  test('the bounds are what serve was told', async () => {
    await berth.kill('SIGTERM');
    berth.options.flags = ['--sleep-after', '30m', '--memory-floor', '0%'];
    await berth.serve();
    assert.deepEqual((await berth.get('/api/health')).body.sleep, { afterSeconds: 1800, memoryFloorPercent: 0, asleep: 0 });
    assert.match((await run('health'))[1], /^ {2}sleep +after 30m without a connection; 0 apps sleep$/m);
    for (const [flag, value, possible] of [['--sleep-after', '1d', /90s, 30m or 1h, up to 8760h, or never/], ['--memory-floor', '101', /from 0 to 100/]]) {
      const refused = await cli('', ['serve', flag, value]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, possible);
    }
  });
});

// As it is in use, but for the hour and the minute.
test('who is not used falls asleep by itself; an open connection, short requests and keepAwake hold it off', { timeout: 200_000 }, () =>
  using({ flags: ['--sleep-after', '4s', '--memory-floor', '0'], environment: { BERTH_YOUNG_FOR: '0' } }, async (berth) => {
    const [idle, open, asked, kept] = await Promise.all(['idle', 'open', 'asked', 'kept'].map((name) => berth.online(name)));
    await berth.patch(`/api/apps/${kept.id}`, { keepAwake: true });
    const tab = net.connect(open.port, 'localhost').on('error', () => {});
    let asking = true;
    const requests = (async () => {
      for (; asking; await pause(1000)) await fetch(`http://localhost:${asked.port}/`, { headers: { connection: 'close' } }).then((r) => r.text());
    })();
    const isAsleep = async (app) => (await berth.app(app.id)).asleep;
    try {
      await eventually('it sleeps', () => isAsleep(idle), 110); // Berth's own look at its port, a minute ago, counts as a visit
      await pause(6000); // longer than the time after which the others would
      for (const app of [open, asked, kept]) assert.equal(await isAsleep(app), false, app.name);
      const { body } = await berth.get(`/api/activity?app=${idle.id}&limit=1`);
      assert.equal(body.entries[0].kind, 'slept');
      assert.match(body.entries[0].text, /nobody was connected to it for long/);
    } finally {
      asking = false;
      await requests;
      tab.destroy();
    }
  }));
