// A kernel from before the newest calls, and a container that forbids them: support/old_kernel.cpp refuses pidfds, close_range, statx and
// the others to the real Berth and to all that it starts. Everything works all the same.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

import { eventually, program, using } from './support/berth.mjs';
import { start } from './support/cli.mjs';
import { accepts, isAlive, tree, workingIn } from './support/processes.mjs';

const wrapper = process.env.BERTH_OLD_KERNEL ?? path.join(path.dirname(program), 'tests', 'old_kernel');

describe('where the kernel refuses what is new', { timeout: 240_000, skip: existsSync(wrapper) ? false : 'this build has no old_kernel' }, () => {
  for (const error of ['ENOSYS', 'EPERM'])
    test(`with ${error}: create, stop, restart, crash, delete, and the end of the server`, () =>
      using({ through: [wrapper, error] }, async (berth) => {
        const status = await promisify(execFile)('sh', ['-c', `cat /proc/${berth.child.pid}/status`]);
        assert.match(status.stdout, /^Seccomp:\t2$/m, 'the filter is on');
        const app = await berth.online('first');
        const folder = berth.directory(app);
        assert.ok(workingIn(folder).length > 0);
        assert.ok((await berth.app(app.id)).memoryMB > 0);

        assert.equal((await berth.post(`/api/apps/${app.id}/stop`)).body.status, 'stopped');
        assert.deepEqual(workingIn(folder), []);
        assert.equal(await accepts(app.port), false);

        assert.equal((await berth.post(`/api/apps/${app.id}/restart`)).status, 200);
        await berth.reaches(app.id, 'online');

        // What pm2's tree kill misses is ended by Berth itself, without a pidfd.
        const wrapperPid = (await berth.rows()).find((row) => row.name === `orch-${app.id}`).pid;
        const below = tree(wrapperPid).filter((each) => each.pid !== wrapperPid);
        process.kill(wrapperPid, 'SIGKILL');
        await eventually('the crash is seen', async () => (await berth.app(app.id)).status !== 'online');
        assert.equal((await berth.post(`/api/apps/${app.id}/restart`)).status, 200);
        await berth.reaches(app.id, 'online');
        assert.deepEqual(below.filter((each) => isAlive(each.pid)), []);

        // A bridge that dies is seen to end without a pidfd, too.
        const { bridgePid, bridgeRestarts } = (await berth.get('/api/health')).body.pm2;
        process.kill(bridgePid, 'SIGKILL');
        await eventually('another bridge is there', async () => {
          const { pm2 } = (await berth.get('/api/health')).body;
          return pm2.connected && pm2.bridgeRestarts > bridgeRestarts;
        });

        assert.equal((await berth.delete(`/api/apps/${app.id}`)).status, 200);
        assert.equal(existsSync(folder), false);
        assert.deepEqual(workingIn(folder), []);
        await eventually('the trash is empty', () => readdirSync(path.join(berth.root, '.berth/trash')).length === 0);

        const down = await start(berth.url, ['down'], { ...berth.environment }).end();
        assert.equal(down.code, 0, down.stderr);
        assert.equal((await berth.ended).code, 0);
      }));

  test('berth down itself', () =>
    using({}, async (berth) => {
      const { stdout } = await promisify(execFile)(wrapper, ['ENOSYS', program, 'down', '--url', berth.url]);
      assert.match(stdout, /has ended; its apps run on\n$/);
      assert.equal((await berth.ended).code, 0);
    }));
});
