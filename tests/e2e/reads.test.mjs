// Reads share their syncs, and each sees every change that was answered before it was sent.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Berth } from './support/berth.mjs';

describe('reads', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  const calls = async () => (await berth.get('/api/health')).body.syncs.pm2Calls;

  test('100 concurrent reads cost a handful of pm2 calls', async () => {
    await berth.online('one');
    const before = await calls();
    const answers = await Promise.all(Array.from({ length: 100 }, () => berth.get('/api/apps')));
    const cost = (await calls()) - before;
    for (const { status, body } of answers) {
      assert.equal(status, 200);
      assert.equal(body.length, 1);
    }
    assert.ok(cost >= 1 && cost <= 10, `${cost} calls`);
    console.log(`100 concurrent reads: ${cost} pm2 calls`);
  });

  test('a read sees every change that was answered before it was sent', async () => {
    const { id } = await berth.online('two');
    for (let round = 0; round < 5; round++) {
      const noise = Array.from({ length: 50 }, () => berth.get('/api/apps'));
      const stopped = await berth.post(`/api/apps/${id}/stop`);
      assert.equal(stopped.status, 200);
      const reads = await Promise.all(Array.from({ length: 20 }, () => berth.get('/api/apps')));
      for (const { body } of reads) assert.equal(body.find((a) => a.id === id).status, 'stopped');
      const restarted = await berth.post(`/api/apps/${id}/restart`);
      assert.equal(restarted.status, 200);
      const after = await Promise.all(Array.from({ length: 20 }, () => berth.get('/api/apps')));
      for (const { body } of after) assert.match(body.find((a) => a.id === id).status, /launching|online/);
      await Promise.all(noise);
      await berth.reaches(id, 'online');
    }
  });
});
