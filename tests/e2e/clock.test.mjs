// The wall clock set back and forth by hours while Berth runs (support/clock_shift.cpp, in the server alone): nothing hangs, nothing is counted
// backwards.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, pause, program } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';

const library = process.env.BERTH_CLOCK_SHIFT_LIBRARY; // built by CMake from support/clock_shift.cpp

describe('a clock that is set', { timeout: 240_000, skip: library ? false : 'this build has no clock_shift' }, () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'berth-clock-'));
  const file = path.join(folder, 'shift');
  const set = (hours) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(hours * 3600));
    writeFileSync(file, bytes, { flag: 'r+' });
  };
  const variables = { LD_PRELOAD: library, BERTH_CLOCK_SHIFT: file, BERTH_CLOCK_SHIFT_FOR: path.basename(program) };
  let berth, first;

  before(async () => {
    writeFileSync(file, Buffer.alloc(8));
    berth = await Berth.start({ through: ['env', ...Object.entries(variables).map((each) => each.join('='))] });
    first = await berth.online('first');
  });
  after(async () => {
    await berth.close();
    rmSync(folder, { recursive: true });
  });

  const syncs = async () => (await berth.get('/api/health')).body.syncs.count;

  for (const hours of [-5, 30, -2, 0])
    test(`to ${hours} hours from now: reads, operations and events go on`, async () => {
      const events = await Events.open(berth);
      set(hours);
      const made = await berth.create(`made ${hours < 0 ? "before" : "after"} ${Math.abs(hours)}`);
      const skew = Date.parse(made.createdAt) - Date.now();
      assert.ok(Math.abs(skew - hours * 3_600_000) < 60_000, `the clock is not set: createdAt is off by ${skew} ms`);
      await berth.reaches(made.id, 'online');
      assert.equal((await berth.app(first.id)).status, 'online');

      const apps = (await berth.get('/api/apps')).body;
      const times = apps.map((app) => app.createdAt);
      assert.deepEqual(times, [...times].sort().reverse(), 'newest first');
      const { uptimeSeconds } = (await berth.get('/api/health')).body;
      assert.ok(uptimeSeconds >= 0 && uptimeSeconds < 600, `up for ${uptimeSeconds} s`);
      const shown = await cli(berth.url, ['ls'], variables);
      assert.match(shown.stdout, /first/);
      assert.doesNotMatch(shown.stdout, / -\d/, shown.stdout);

      // A dashboard is connected, so a sync comes every 3 s: neither none nor a storm.
      const counted = await syncs();
      await eventually('the sync goes on', async () => (await syncs()) > counted, 10);
      const begun = await syncs();
      await pause(1000);
      assert.ok((await syncs()) - begun < 50, 'a storm of syncs');

      const stopped = await berth.post(`/api/apps/${made.id}/stop`);
      assert.equal(stopped.body.status, 'stopped');
      assert.equal((await berth.delete(`/api/apps/${made.id}`)).status, 200);
      await events.waitFor('the delete is told', (m) => m.type === 'removed' && m.id === made.id);
      const revisions = events.messages.flatMap((m) => (m.revision === undefined ? [] : [m.revision]));
      assert.ok(revisions.every((revision, i) => i === 0 || revision >= revisions[i - 1]), `${revisions}`);
      await events.close();
    });

  test('an edit by hand is noticed with the clock set back', async () => {
    set(-7);
    for (const name of ['by hand', 'by hand again']) {
      const manifest = berth.manifest();
      manifest.apps[first.id].name = name;
      writeFileSync(berth.manifestFile, JSON.stringify(manifest));
      await eventually('the new name', async () => (await berth.app(first.id)).name === name);
    }
  });
});
