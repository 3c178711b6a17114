// What is remembered (spec section 18), with the real pm2 and the real git: history, activity, where an app is in git, and when it
// was opened; there after a reload, a restart of Berth and a SIGKILL.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause, using } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';
import { git, makeProject } from './support/project.mjs';

const file = (berth) => path.join(berth.root, '.berth', 'activity.jsonl');
const linesOf = (berth) => readFileSync(file(berth), 'utf8').split('\n').filter(Boolean).length;

/** What is remembered of an app (none: of all), oldest first. */
async function told(berth, id) {
  const { status, body } = await berth.get(`/api/activity?limit=500${id ? `&app=${id}` : ''}`);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.before, null);
  return body.entries.reverse();
}
const kinds = async (berth, id) => (await told(berth, id)).map((entry) => entry.kind);

/** The last of them is on the disk, which nothing waits for. */
async function onDisk(berth) {
  const all = await told(berth);
  await eventually('it is in the file', () => linesOf(berth) === all.length);
  return all;
}

/** The server killed, or ended, and started again. */
async function again(berth, signal) {
  await berth.kill(signal);
  await berth.serve();
}

describe('activity', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('the story of an app: who did it, and why it crashed; over the WebSocket as it happens', async () => {
    const events = await Events.open(berth);
    const app = await berth.online('story');
    await berth.post(`/api/apps/${app.id}/stop`);
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    await berth.pm2('stop', `orch-${app.id}`);
    await berth.reaches(app.id, 'stopped');
    await berth.pm2('restart', `orch-${app.id}`);
    await berth.reaches(app.id, 'online');
    await berth.patch(`/api/apps/${app.id}`, { name: 'tale', notes: 'for Tuesday' });
    await berth.ask(app, '/exit?code=7');
    await berth.reaches(app.id, 'errored');
    const crashed = await eventually('the crash is told', async () => (await told(berth, app.id)).find((e) => e.kind === 'crashed'));
    assert.match(crashed.text, /^It exited with code 7/);
    await berth.delete(`/api/apps/${app.id}`);

    const all = await told(berth, app.id);
    assert.deepEqual(
      all.map((e) => e.text.replace(/[\d.]+ s\.$/, 'N s.')),
      ['Created.', 'Online after N s.', 'Stopped by Berth.', 'Started by Berth.', 'Online after N s.', 'Stopped by somebody with pm2.',
        'Started by somebody with pm2.', 'Online after N s.', 'Edited: name (it was “story”), notes.', crashed.text, 'Deleted.'],
    );
    assert.deepEqual(all.map((e) => e.name), [...Array(8).fill('story'), ...Array(3).fill('tale')]);
    assert.ok(all.every((e, i) => i === 0 || e.id > all[i - 1].id));
    const live = await eventually('the WebSocket told all of it', () => {
      const mine = events.of('activity').map((m) => m.entry).filter((e) => e.app === app.id);
      return mine.length >= all.length && mine;
    });
    assert.deepEqual(live, all);
    await events.close();

    const page = await berth.get(`/api/activity?app=${app.id}&limit=3`);
    const next = await berth.get(`/api/activity?app=${app.id}&limit=500&before=${page.body.before}`);
    assert.deepEqual([...page.body.entries, ...next.body.entries], all.reverse());

    const people = await cli(berth.url, ['activity', app.id, '-n', '2']);
    assert.equal(people.code, 0, people.stderr);
    const rows = people.stdout.trim().split('\n');
    assert.match(rows[0], /^WHEN +APP +WHAT/);
    assert.match(rows[1], /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +tale +It exited with code 7/);
    assert.match(rows[2], /tale +Deleted\.$/);
    const programs = await cli(berth.url, ['activity', app.id, '--json', '-n', '4']);
    assert.deepEqual(JSON.parse(programs.stdout), all.slice(0, 4));
  });

  test('is there after a restart and a SIGKILL, and a running app found running is no news', async () => {
    const app = await berth.online('keeps');
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGKILL']) {
      const before = await onDisk(berth);
      await again(berth, signal);
      await berth.reaches(app.id, 'online');
      await berth.get('/api/apps');
      const now = await told(berth);
      assert.deepEqual(now.slice(0, before.length), before);
      assert.deepEqual(now.slice(before.length).map((e) => e.kind), ['server_started']);
    }
  });

  test('a crash while Berth was away is told when it is back, once', async () => {
    const app = await berth.online('alone');
    await onDisk(berth);
    await berth.kill('SIGKILL');
    await berth.ask(app, '/exit?code=3');
    await eventually('pm2 has seen it', async () => (await berth.rows()).find((r) => r.name === `orch-${app.id}`).pm2_env.status === 'stopped');
    await berth.serve();
    await berth.reaches(app.id, 'errored');
    await eventually('it is told', async () => (await kinds(berth, app.id)).includes('crashed'));
    await again(berth, 'SIGTERM');
    await berth.reaches(app.id, 'errored');
    await pause(1000); // its last words were asked for by then
    assert.deepEqual(await kinds(berth, app.id), ['created', 'online', 'crashed']);
    await berth.delete(`/api/apps/${app.id}`);
  });

  test('a torn line, and lines of anybody, are left out and nothing else', async () => {
    const before = await onDisk(berth);
    await berth.kill('SIGKILL');
    appendFileSync(file(berth), 'nonsense\n{"id":1}\n\u0000\n{"id":99,"at":1,"kind":"onl');
    await berth.serve();
    const now = await told(berth);
    assert.deepEqual(now.slice(0, -1), before);
    assert.equal(now.at(-1).kind, 'server_started');
    await eventually('the next line stands by itself', () => readFileSync(file(berth), 'utf8').includes('"onl\n'));
    await again(berth, 'SIGKILL');
    assert.deepEqual((await told(berth)).slice(0, -1), now);
  });

  test('100,000 lines are read within their bounds, and the file gets short again', async () => {
    const last = (await told(berth)).at(-1).id;
    await berth.kill('SIGKILL');
    let text = '';
    for (let n = 1; n <= 100_000; n++)
      text += JSON.stringify({ id: last + n, at: last + n, app: null, name: null, kind: 'server_started', text: `No ${n}.` }) + '\n';
    appendFileSync(file(berth), text);
    await berth.serve();
    const { body } = await berth.get('/api/activity?limit=500');
    assert.equal(body.entries[1].text, 'No 100000.');
    let [pages, entries, { before }] = [1, body.entries, body];
    for (; before !== null; pages++) {
      const page = await berth.get(`/api/activity?limit=500&before=${before}`);
      entries = entries.concat(page.body.entries);
      before = page.body.before;
    }
    assert.equal(entries.length, 2000);
    assert.equal(new Set(entries.map((e) => e.id)).size, 2000);
    assert.equal(pages, 4);
    await eventually('it was shortened', () => linesOf(berth) === 2000);
    assert.ok(statSync(file(berth)).size < 1 << 20);
  });
});

test('a daemon that was killed is told, and the new one', { timeout: 120_000 }, () =>
  using({}, async (berth) => {
    await berth.online('any');
    process.kill(berth.daemonPid, 'SIGKILL');
    await eventually('both are told', async () => {
      const all = await kinds(berth);
      return all.includes('pm2_lost') && all.includes('pm2_back');
    });
  }),
);

test('a file that cannot be written holds nothing up, and what is remembered is written once it can', { timeout: 120_000 }, () =>
  using({ prepare: (root) => mkdirSync(path.join(root, '.berth', 'activity.jsonl'), { recursive: true }) }, async (berth) => {
    const app = await berth.online('memory');
    assert.deepEqual(await kinds(berth, app.id), ['created', 'online']);
    assert.equal(berth.log.match(/is kept in memory alone/g).length, 1);
    await berth.kill('SIGTERM');
    await berth.serve(); // still: and nothing of it is there
    assert.deepEqual(await kinds(berth), ['server_started']);
  }),
);

describe('history', { timeout: 120_000 }, () => {
  test('is there for a page that is opened later, in columns, and grows', () =>
    using({}, async (berth) => {
      const app = await berth.online('graphs');
      const history = async () => (await berth.get(`/api/apps/${app.id}/history`)).body;
      const first = await eventually('two samples', async () => {
        const now = await history();
        return now.at.length >= 2 && now;
      });
      for (const column of Object.values(first)) assert.equal(column.length, first.at.length);
      assert.ok(first.at.every((at, i) => i === 0 || at > first.at[i - 1]));
      assert.ok(first.memoryMB.some((mb) => mb > 0));
      assert.equal(first.status.at(-1), 'online'); // a sample may have met it while it was launching
      const later = await history(); // a reload: the same again
      assert.deepEqual(later.at.slice(0, first.at.length), first.at);

      await berth.post(`/api/apps/${app.id}/stop`);
      const stopped = await eventually('a sample at rest', async () => {
        const now = await history();
        return now.status.at(-1) === 'stopped' && now;
      });
      assert.deepEqual([stopped.memoryMB.at(-1), stopped.cpuPercent.at(-1)], [null, null]);

      await again(berth, 'SIGKILL'); // it is in memory alone: a gap, and no invention
      assert.deepEqual(await history(), { at: [], cpuPercent: [], memoryMB: [], status: [] });
    }));
});

describe('git and visitors', { timeout: 240_000 }, () => {
  test('branch and commit follow a commit, a checkout and a worktree', () =>
    using({}, async (berth) => {
      const shop = makeProject(path.join(berth.home, 'work', 'shop'));
      const made = await berth.post('/api/apps', { directory: shop });
      assert.equal(made.body.git, null);
      const { id } = made.body;
      const is = (expected, which = id) =>
        eventually(`git is ${JSON.stringify(expected)}`, async () => {
          const now = (await berth.app(which)).git;
          return now && now.branch === expected.branch && now.commit === expected.commit;
        });
      const head = (folder = shop) => git(folder, 'rev-parse', 'HEAD').trim();

      git(shop, 'init', '-q', '-b', 'main');
      await is({ branch: 'main', commit: null });
      git(shop, 'add', '.');
      git(shop, 'commit', '-q', '-m', 'first');
      await is({ branch: 'main', commit: head() });
      git(shop, 'checkout', '-q', '-b', 'feature/cart');
      git(shop, 'commit', '-q', '--allow-empty', '-m', 'second');
      await is({ branch: 'feature/cart', commit: head() });
      git(shop, 'checkout', '-q', '--detach', 'main');
      await is({ branch: null, commit: head() });

      const tree = path.join(berth.home, 'work', 'tree');
      git(shop, 'worktree', 'add', '-q', '-b', 'tree', tree);
      const second = await berth.post('/api/apps', { directory: tree });
      await is({ branch: 'tree', commit: head(tree) }, second.body.id);
      const shown = await cli(berth.url, ['show', second.body.id]);
      assert.match(shown.stdout, new RegExp(`git +tree at ${head(tree).slice(0, 7)}\n`));

      const own = await berth.create('own'); // the root may lie in a repository: that is not the app's
      git(berth.home, 'init', '-q');
      await pause(4000);
      assert.equal((await berth.app(own.id)).git, null);
      assert.doesNotMatch(readFileSync(berth.manifestFile, 'utf8'), /feature\/cart|"git"/);
    }));

  test('lastOpenedAt is when somebody was connected last, and outlives a restart; Berth itself is nobody', () =>
    using({}, async (berth) => {
      const app = await berth.online('visited');
      for (let i = 0; i < 10; i++) {
        await berth.get('/api/apps');
        await pause(100);
      }
      assert.equal((await berth.app(app.id)).lastOpenedAt, null);
      const before = Date.now();
      const visitor = net.connect(app.port, 'localhost');
      visitor.on('error', () => {});
      const opened = await eventually('the visit is seen', async () => (await berth.app(app.id)).lastOpenedAt);
      assert.ok(opened >= before && opened <= Date.now());
      for (let i = 0; i < 20; i++) {
        assert.equal((await berth.app(app.id)).lastOpenedAt, opened); // at most once in ten seconds
        await pause(50);
      }
      visitor.destroy();
      const shown = await cli(berth.url, ['show', 'visited']);
      assert.match(shown.stdout, /opened +\d+s ago\n/);
      await again(berth, 'SIGTERM');
      assert.ok((await berth.app(app.id)).lastOpenedAt >= opened);
    }));
});
