// A file system that is frozen (fsfreeze(8), as an LVM snapshot does): each write to it waits, for as long as it
// lasts. The root is a small ext4 on a loop device.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { accepts } from './support/processes.mjs';

const quietly = (command, ...words) => execFileSync(command, words, { stdio: 'ignore' });

/** Puts a file system of its own at the folder; returns what takes it away again. */
function mountImage(at) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'berth-image-'));
  const image = path.join(home, 'ext4');
  writeFileSync(image, '');
  truncateSync(image, 64 << 20);
  const remove = () => rmSync(home, { recursive: true });
  try {
    quietly('mkfs.ext4', '-q', image);
    quietly('mount', '-o', 'loop', image, at);
  } catch (error) {
    remove();
    throw error;
  }
  return () => {
    quietly('umount', at);
    remove();
  };
}

function isPossible() {
  const at = mkdtempSync(path.join(os.tmpdir(), 'berth-mount-'));
  try {
    const unmount = mountImage(at);
    quietly('fsfreeze', '-f', at);
    quietly('fsfreeze', '-u', at);
    unmount();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(at, { recursive: true });
  }
}

describe('a frozen file system', { timeout: 200_000, skip: isPossible() ? false : 'this machine lets nobody mount and freeze one' }, () => {
  test('holds up what must be written, and nothing else: reads are answered, and SIGTERM is heard', async () => {
    let unmount;
    const berth = await Berth.start({ prepare: (root) => (unmount = mountImage(root)) });
    const app = await berth.online('cold');
    quietly('fsfreeze', '-f', berth.root);
    let isFrozen = true;
    const thaw = () => {
      if (isFrozen) quietly('fsfreeze', '-u', berth.root);
      isFrozen = false;
    };
    try {
      const stopped = berth.post(`/api/apps/${app.id}/stop`).catch(() => undefined); // its intent cannot be noted
      await eventually('the stop has begun', async () => (await berth.get('/api/apps')).body[0].operation === 'stopping');
      for (let i = 0; i < 20; ++i) assert.equal((await berth.get('/api/apps')).body[0].status, 'online');
      assert.equal((await berth.get('/api/health')).status, 200);
      // No process can be ended while one of its threads waits for such a disk, not even by SIGKILL; but it serves nobody any more.
      berth.child.kill('SIGTERM');
      await eventually('its port is given back', async () => !(await accepts(berth.port)));
      thaw();
      assert.deepEqual(await berth.ended, { code: 0, signal: null });
      await stopped;
      await berth.serve();
      await berth.reaches(app.id, 'stopped'); // what was asked of the first one
    } finally {
      thaw();
      await berth.kill('SIGKILL');
      await berth.pm2('kill').catch(() => {});
      unmount();
      await berth.close();
    }
  });
});
