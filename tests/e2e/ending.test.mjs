// The end in order: SIGTERM, Ctrl-C and a hang-up close clients, leave the apps running, and come back knowing them; also with something under
// way, and with a pm2 that hangs.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { family } from './chaos/machine.mjs';
import { eventually, using } from './support/berth.mjs';
import { Events } from './support/events.mjs';
import { isAlive, withEnvironment } from './support/processes.mjs';

const inside = (berth, ...parts) => readdirSync(path.join(berth.root, ...parts));
const bridges = (berth) => family(berth.pm2Home).filter((p) => p.isBridge);

/** A create that hangs in its scaffold; `asked` resolves to its answer, or to why there was none. */
async function hangingCreate(berth) {
  const asked = berth.post('/api/apps', { name: 'hangs' }).catch((error) => error);
  const [operation] = await eventually('it hangs', async () => {
    const { body } = await berth.get('/api/operations');
    return body[0]?.line === 'hanging' && body;
  });
  const folder = path.join(berth.root, 'created-apps', operation.id);
  return { asked, folder, scaffolds: () => withEnvironment(`BERTH_SCAFFOLD=${folder}`) };
}

describe('the end in order', { timeout: 240_000 }, () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
    test(`${signal}: clients read 1001, apps run on, and the next server knows them`, () =>
      using({}, async (berth) => {
        const runs = await berth.online('runs');
        const stopped = await berth.online('stopped');
        await berth.post(`/api/apps/${stopped.id}/stop`);
        const dashboard = await Events.open(berth);
        assert.deepEqual(await berth.kill(signal), { code: 0, signal: null });
        assert.equal(await dashboard.closed, 1001);
        assert.equal(isAlive(runs.pid), true);
        assert.deepEqual(bridges(berth), []);
        assert.equal(berth.manifest().apps[runs.id].status, 'online');
        await berth.serve();
        assert.equal((await berth.reaches(runs.id, 'online')).pid, runs.pid);
        const known = await berth.app(stopped.id);
        assert.equal(known.status, 'stopped');
        assert.equal(known.intent, 'stop');
        await berth.ask(runs, '/exit?code=1'); // its news are heard again
        await berth.reaches(runs.id, 'errored');
      }));

  for (const signal of ['SIGTERM', 'SIGHUP'])
    test(`${signal}: a create under way leaves nothing, and its client hears why`, () =>
      using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
        const create = await hangingCreate(berth);
        assert.deepEqual(await berth.kill(signal), { code: 0, signal: null });
        const answer = await create.asked;
        assert.ok(['cancelled', 'shutting_down'].includes(answer.body?.code), `${answer.cause ?? answer}`);
        assert.deepEqual(create.scaffolds(), []);
        assert.deepEqual(inside(berth, 'created-apps'), []);
        assert.deepEqual(inside(berth, '.berth', 'journal'), []);
        assert.deepEqual(berth.manifest().apps, {});
        await berth.serve();
        assert.deepEqual((await berth.get('/api/apps')).body, []);
      }));

  test('a second Ctrl-C ends at once, and the next server clears what that left', () =>
    using({ scaffold: `sh -c 'trap "" TERM INT; mkdir -p "$1"; echo hanging; while :; do sleep 1; done' sh` }, async (berth) => {
      const create = await hangingCreate(berth);
      berth.child.kill('SIGINT');
      await eventually('it is ending', () => /ending; the apps run on/.test(berth.log));
      assert.deepEqual(await berth.kill('SIGINT'), { code: 130, signal: null });
      assert.ok((await create.asked).status !== 201);
      assert.equal(create.scaffolds().length > 0, true);
      await berth.serve(); // answers at once, and clears meanwhile
      await eventually('what was left is cleared', () => create.scaffolds().length === 0 && inside(berth, 'created-apps').length === 0);
      assert.deepEqual((await berth.get('/api/apps')).body, []);
    }));

  test('with a daemon that hangs it ends all the same, and leaves no bridge', () =>
    using({}, async (berth) => {
      const app = await berth.online('kept');
      const daemon = berth.daemonPid;
      process.kill(daemon, 'SIGSTOP');
      try {
        await berth.reaches(app.id, 'unknown');
        const stop = berth.post(`/api/apps/${app.id}/restart`).catch((error) => error); // waits for pm2
        await eventually('it is under way', async () => (await berth.app(app.id)).operation !== null);
        const { code } = await berth.kill('SIGTERM');
        assert.equal(code, 0);
        await stop;
        await eventually('the bridge is gone', () => bridges(berth).length === 0);
      } finally {
        process.kill(daemon, 'SIGCONT');
      }
      await berth.serve();
      await berth.reaches(app.id, 'online');
      assert.equal(berth.daemonPid, daemon);
    }));
});
