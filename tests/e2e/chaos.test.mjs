// Kills the server, the bridge and pm2's daemon at random moments under load (tests/e2e/chaos), for about a minute. The long run is
// scripts/chaos. A failure prints its seed; BERTH_CHAOS_SEED replays it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Model } from './chaos/model.mjs';
import { planRound } from './chaos/plan.mjs';
import { chaos } from './chaos/run.mjs';
import { trueStatus } from './chaos/verdict.mjs';

describe('what chaos is judged by', () => {
  const app = (id, more) => ({ id, name: id, port: 1, category: null, createdAt: 'then', intent: 'run', status: 'online', ...more });
  const after = (steps, apps) => {
    const model = new Model();
    model.settle([app('a')]);
    let clock = 0;
    for (const [kind, outcome, more] of steps)
      model.end(model.begin(kind, { id: 'a', ...more }, ++clock), outcome, ++clock, { body: more?.body });
    return model.complaints(apps);
  };

  test('the plan follows from the seed', () => {
    assert.deepEqual(planRound(7, 3), planRound(7, 3));
    assert.notDeepEqual(planRound(7, 3), planRound(8, 3));
  });

  test('what was acknowledged must be so, what was not answered may be', () => {
    const stopped = app('a', { intent: 'stop' });
    assert.deepEqual(after([], [app('a')]), []);
    assert.match(after([], [])[0], /is lost/);
    assert.match(after([['stop', 'done']], [app('a')])[0], /intent is run/);
    assert.deepEqual(after([['stop', 'done']], [stopped]), []);
    assert.deepEqual(after([['stop', 'lost']], [stopped]), []);
    assert.deepEqual(after([['stop', 'lost']], [app('a')]), []);
    assert.match(after([['stop', 'refused']], [stopped])[0], /intent is stop/);
    assert.match(after([['stop', 'done'], ['restart', 'done']], [stopped])[0], /intent is stop/);
    assert.deepEqual(after([['stop', 'done'], ['restart', 'lost']], [stopped]), []);
    assert.match(after([['delete', 'done']], [app('a')])[0], /is back/);
    assert.deepEqual(after([['delete', 'lost']], [app('a')]), []);
    assert.deepEqual(after([['delete', 'lost']], []), []);
    assert.match(after([['delete', 'refused']], [])[0], /is lost/);
    const made = { name: 'b', body: app('b') };
    assert.match(after([['create', 'done', made]], [app('a')])[0], /b .* is lost/);
    assert.deepEqual(after([['create', 'lost', { name: 'b', id: null }]], [app('a'), app('b')]), []);
    assert.match(after([['create', 'refused', { name: 'b', id: null }]], [app('a'), app('b')])[0], /b .* exists/);
    assert.match(after([], [app('a', { port: 2 })])[0], /port was 1 and is 2/);
    const asleep = app('a', { asleep: true, status: 'stopped' });
    assert.deepEqual(after([['sleep', 'done']], [asleep]), []);
    assert.match(after([['sleep', 'done']], [app('a')])[0], /intent is run/);
    assert.deepEqual(after([['sleep', 'done'], ['open', 'lost']], [app('a')]), []);
    assert.match(after([['sleep', 'done'], ['wake', 'done']], [asleep])[0], /intent is asleep/);
    assert.match(after([['open', 'done']], [asleep])[0], /intent is asleep/);
  });

  test('a read shows what was acknowledged before it', () => {
    const model = new Model();
    model.settle([app('a'), app('b')]);
    model.end(model.begin('delete', { id: 'b' }, 1), 'done', 2);
    model.end(model.begin('stop', { id: 'a' }, 3), 'done', 4);
    assert.deepEqual(model.readComplaints([app('a', { status: 'stopped' })], 5, 6), []);
    assert.match(model.readComplaints([app('a')], 5, 6)[0], /as online after its stop/);
    assert.match(model.readComplaints([app('a', { status: 'stopped' }), app('b')], 5, 6)[0], /shows b after its delete/);
    assert.match(model.readComplaints([], 5, 6)[0], /misses a/);
    model.begin('restart', { id: 'a' }, 5.5);
    assert.deepEqual(model.readComplaints([app('a')], 5, 6), []);
  });

  test("an app's true status", () => {
    const row = (status, pid = 5) => ({ status, pid });
    const some = [{ pid: 5 }];
    assert.equal(trueStatus({ startedAt: null }, undefined, []), 'stopped');
    assert.equal(trueStatus({ startedAt: 1 }, undefined, []), 'unknown');
    assert.equal(trueStatus({}, row('online'), some, true), 'online');
    assert.equal(trueStatus({}, row('online'), some, false), 'launching');
    assert.match(trueStatus({}, row('online'), [], false), /without a process/);
    assert.equal(trueStatus({ intent: 'run' }, row('stopped'), []), 'errored');
    assert.equal(trueStatus({ intent: 'stop' }, row('stopped'), []), 'stopped');
    assert.equal(trueStatus({ intent: 'run', asleep: true, startedAt: 1 }, undefined, []), 'stopped');
    assert.equal(trueStatus({ intent: 'run', asleep: true }, row('stopped'), []), 'stopped');
    assert.match(trueStatus({ intent: 'run', asleep: true }, row('online'), some), /awake/);
  });
});

test('nothing is lost, and nothing is left', { timeout: 280_000 }, async () => {
  const seed = Number(process.env.BERTH_CHAOS_SEED ?? 1);
  // 5 s is the promise, and scripts/chaos holds Berth to it; a machine that runs other tests beside this one gets more.
  console.log(JSON.stringify(await chaos({ seed, kills: 12, within: 20 })));
});
