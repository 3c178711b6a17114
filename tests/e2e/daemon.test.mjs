// pm2's daemon, killed or left alone while it starts: there is one, soon, and never a second.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

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
