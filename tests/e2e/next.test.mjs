// The main job on the real thing: create-next-app from the registry, next dev, a page.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { Berth, eventually } from './support/berth.mjs';
import { launch } from './support/browser.mjs';
import { accepts, listenersOn, tree, workingIn } from './support/processes.mjs';

test('a real Next app from create to delete', { timeout: 900_000 }, async () => {
  const berth = await Berth.start({ scaffold: null });
  try {
    const started = Date.now();
    const app = await berth.create('real next', 'demos');
    console.log(`created in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    await berth.reaches(app.id, 'online', 120);
    const page = await fetch(`http://localhost:${app.port}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /Next\.js|next/i);
    assert.deepEqual(listenersOn(app.port), ['127.0.0.1']);
    assert.equal((await berth.app(app.id)).exposed, false);
    const grown = await eventually(
      'memory is that of the tree',
      async () => {
        const now = await berth.app(app.id);
        return now.memoryMB > 300 && now;
      },
      30,
    );
    console.log(`memory: ${grown.memoryMB} MB, of which pm2 sees ${grown.wrapperMemoryMB} MB`);
    assert.ok(grown.wrapperMemoryMB < grown.memoryMB / 2);
    const logs = await berth.get(`/api/apps/${app.id}/logs?tail=50`);
    assert.match(logs.body.stdout, /Ready|Next\.js/);

    // By its name, and, asleep, by its port and by its name again: the page, and an edit that comes to it without a reload.
    const browser = await launch();
    const source = path.join(berth.directory(app), 'src/app/page.tsx');
    const shows = async (tab, heading) => {
      await tab.evaluate(() => (window.kept = true));
      writeFileSync(source, `export default function Page() {\n  return <h1>${heading}</h1>;\n}\n`);
      await tab.getByRole('heading', { name: heading }).waitFor({ timeout: 60_000 });
      assert.equal(await tab.evaluate(() => window.kept), true, 'it was loaded anew');
    };
    const named = `http://real-next.localhost:${berth.port}/`;
    try {
      const tab = await browser.newPage();
      const refused = [];
      tab.on('response', (r) => r.status() >= 400 && refused.push(`${r.status()} ${r.url()}`));
      await tab.goto(named, { timeout: 60_000 });
      await shows(tab, 'by name');
      for (const [where, heading] of [[`http://localhost:${app.port}/`, 'by port, from its sleep'], [named, 'by name, from its sleep']]) {
        await tab.goto('about:blank');
        const running = (await berth.app(app.id)).pid;
        const slept = await berth.post(`/api/apps/${app.id}/sleep`);
        assert.equal(slept.body.asleep, true);
        assert.deepEqual(tree(running), []);
        await tab.goto(where, { timeout: 60_000 });
        await shows(tab, heading);
        assert.equal((await berth.reaches(app.id, 'online')).asleep, false);
      }
      assert.deepEqual(refused, []);
    } finally {
      await browser.close();
    }

    const family = tree((await berth.app(app.id)).pid).map((p) => p.pid);
    assert.ok(family.length >= 3);
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(stopped.body.status, 'stopped');
    assert.equal(await accepts(app.port), false);
    // Next sends its telemetry off from a process in a session of its own, which ends by itself: it is not the app's to be ended.
    assert.deepEqual(workingIn(berth.directory(app)).filter((p) => !p.command.includes('detached-flush')), []);
    for (const pid of family) assert.deepEqual(tree(pid), []);

    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online', 120);
    assert.equal((await fetch(`http://localhost:${app.port}/`)).status, 200);

    const opened = await berth.patch(`/api/apps/${app.id}`, { lan: true });
    assert.deepEqual(opened.body.pending, ['lan']);
    assert.deepEqual(listenersOn(app.port), ['127.0.0.1']); // until its next start
    await berth.post(`/api/apps/${app.id}/restart`);
    assert.deepEqual((await berth.reaches(app.id, 'online', 120)).pending, []);
    assert.ok(listenersOn(app.port).every((address) => address === '::' || address === '0.0.0.0'), listenersOn(app.port).join());
    await eventually('it is called exposed', async () => (await berth.app(app.id)).exposed);
    assert.equal((await fetch(`http://localhost:${app.port}/`)).status, 200);

    const gone = await berth.delete(`/api/apps/${app.id}?cleanup=true`);
    assert.equal(gone.body.warning, null);
    assert.equal(existsSync(berth.directory(app)), false);
    assert.deepEqual((await berth.get('/api/apps')).body, []);
    assert.equal(await accepts(app.port), false);
    const trash = path.join(berth.root, '.berth', 'trash');
    await eventually('the trash is emptied', () => readdirSync(trash).length === 0, 120);
  } finally {
    await berth.close();
  }
});
