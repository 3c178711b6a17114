// Whether a page works, with small servers that speak Next's endpoint in every way it may be spoken.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Berth, eventually, pause } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events } from './support/events.mjs';

const scaffold = `${process.execPath} ${fileURLToPath(new URL('support/page-app.mjs', import.meta.url))}`;
const good = 'export default function Page() {\n  return <p>well</p>;\n}\n';
const bad = 'export default function Page() {\n  return <<<;\n}\n';
const unopened = 'Nobody has opened a page of it since it started.';

describe('whether a page works', { timeout: 280_000 }, () => {
  let berth, events;

  before(async () => {
    berth = await Berth.start({ scaffold });
    events = await Events.open(berth); // as a dashboard is
  });
  after(async () => {
    await events?.close();
    await berth?.close();
  });

  const file = (app, name) => path.join(berth.directory(app), name);
  const write = (app, text) => writeFileSync(file(app, 'src/app/page.tsx'), text);
  const mode = (app, name) => writeFileSync(file(app, 'mode'), name);
  const questions = (app) => {
    try {
      return readFileSync(file(app, 'questions'), 'utf8').trim().split('\n').length;
    } catch {
      return 0;
    }
  };
  /** As curl does: the connection is gone a moment later. */
  const opens = (app) =>
    new Promise((resolve, reject) =>
      http
        .get({ host: '127.0.0.1', port: app.port, path: '/', agent: false }, (response) => response.resume().on('end', resolve))
        .on('error', reject),
    );
  const check = async (app) => {
    const answer = await berth.post(`/api/apps/${app.id}/check`);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.page;
  };
  /** What the WebSocket tells of it. */
  const told = (app) => {
    for (const message of [...events.messages].reverse()) {
      if (message.type === 'removed' && message.id === app.id) return;
      if (message.type === 'app' && message.app.id === app.id) return message.app.page;
      const known = message.type === 'snapshot' && message.apps.find((a) => a.id === app.id);
      if (known) return known.page;
    }
  };
  const becomes = (app, state) =>
    eventually(`${app.name} is told to be ${state}`, () => told(app)?.state === state && told(app), 20).catch((error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(told(app))}`);
    });
  const begin = async (name) => {
    const app = await berth.online(name);
    await becomes(app, 'unchecked');
    return app;
  };
  const end = (app) => berth.delete(`/api/apps/${app.id}?cleanup=true`);

  test('an app that nobody opened is never asked, with the dashboard open', async () => {
    const app = await begin('unopened');
    assert.equal(told(app).reason, unopened);
    await pause(7000); // as long as several looks
    assert.equal(questions(app), 0);
    assert.equal((await berth.app(app.id)).page.reason, unopened);
    await opens(app);
    await becomes(app, 'working');
    assert.ok(questions(app) > 0);

    // Another run is another matter, whatever the log holds of this one.
    const asked = questions(app);
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'online');
    await becomes(app, 'unchecked');
    await pause(5000);
    assert.equal(questions(app), asked);
    await end(app);
  });

  test('a save that breaks it is told with file and line, and so is its mending', async () => {
    const app = await begin('edited');
    await opens(app);
    await becomes(app, 'working');
    const saved = Date.now();
    write(app, bad);
    const page = await becomes(app, 'broken');
    console.log(`broken after ${Date.now() - saved} ms`);
    assert.deepEqual(page.first, { file: 'src/app/page.tsx', line: 2, column: 10, title: 'Expression expected', frame: '> 2 |   return <<<;' });
    assert.equal(page.errors, 1);
    const shown = await berth.app(app.id);
    assert.deepEqual(shown.page, page);
    assert.equal(shown.status, 'online');

    assert.match((await cli(berth.url, ['ls'])).stdout, /online, page broken: src\/app\/page\.tsx:2\b/);
    assert.match((await cli(berth.url, ['show', 'edited'])).stdout, /broken: src\/app\/page\.tsx:2: Expression expected/);
    const why = await cli(berth.url, ['why', 'edited']);
    assert.equal(why.code, 0);
    assert.match(why.stdout, /its page is broken: src\/app\/page\.tsx:2: Expression expected/);
    assert.match(why.stdout, /return <<<;/);
    const checked = await cli(berth.url, ['check', 'edited']);
    assert.equal(checked.code, 1);
    assert.match(checked.stdout, /broken: src\/app\/page\.tsx:2: Expression expected/);
    const metrics = (await berth.get('/metrics')).body;
    assert.match(metrics, new RegExp(`berth_app_page_broken\\{id="${app.id}",name="edited"\\} 1`));

    write(app, good);
    await becomes(app, 'working');
    assert.equal((await cli(berth.url, ['check', 'edited'])).code, 0);
    assert.match((await cli(berth.url, ['why', 'edited'])).stdout, /its pages work/);
    mode(app, 'thrown');
    assert.equal((await check(app)).first.title, 'TypeError: x is not a function');
    const stopped = await berth.post(`/api/apps/${app.id}/stop`);
    assert.equal(stopped.body.page, null);
    assert.equal((await berth.post(`/api/apps/${app.id}/check`)).body.code, 'not_running');
    await end(app);
  });

  test('one that was broken before Berth came is known to be', async () => {
    const app = await begin('before');
    write(app, bad);
    await opens(app);
    await becomes(app, 'broken');
    await events.close();
    await berth.kill('SIGTERM');
    await berth.serve();
    events = await Events.open(berth);
    await berth.reaches(app.id, 'online');
    await becomes(app, 'broken');
    await end(app);
  });

  test('a server that hangs, answers garbage or 100 MB is unchecked, and holds up no other', async () => {
    const [hangs, garbage, huge, well] = await Promise.all(['hangs', 'garbage', 'huge', 'well'].map(begin));
    for (const [app, how] of [[hangs, 'hang'], [garbage, 'garbage'], [huge, 'huge']]) mode(app, how);
    const slow = check(hangs);
    assert.equal((await check(well)).state, 'working');
    assert.match((await check(garbage)).reason, /cannot be read/);
    const before = (await berth.get('/metrics')).body.match(/process_resident_memory_bytes (\d+)/)[1];
    assert.match((await check(huge)).reason, /too long/);
    const after = (await berth.get('/metrics')).body.match(/process_resident_memory_bytes (\d+)/)[1];
    assert.ok(after - before < 20e6, `${after - before} bytes`);
    assert.equal((await slow).reason, 'It did not answer within 10 s.');
    const failed = await cli(berth.url, ['check', 'garbage']);
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /not known/);
    mode(hangs, '');
    assert.equal((await check(hangs)).state, 'working');
    for (const app of [hangs, garbage, huge, well]) await end(app);
  });

  test('one without the endpoint cannot be told, and is asked once', async () => {
    const app = await begin('older');
    mode(app, 'missing');
    await opens(app);
    await eventually('it is null', () => told(app) === null);
    const asked = questions(app);
    for (let i = 0; i < 3; i++) {
      await opens(app);
      await pause(1500);
    }
    assert.equal(questions(app), asked);
    assert.equal(await check(app), null);
    assert.match((await cli(berth.url, ['check', 'older'])).stdout, /does not tell/);
    await end(app);
  });

  test('many are broken at once by one file that they share, and mended by it', async () => {
    const shared = path.join(berth.root, 'shared.tsx');
    const apps = await Promise.all(['one', 'two', 'three', 'four', 'five', 'six'].map(begin));
    await Promise.all(apps.map(opens));
    await Promise.all(apps.map((app) => becomes(app, 'working')));
    writeFileSync(shared, bad);
    for (const page of await Promise.all(apps.map((app) => becomes(app, 'broken')))) assert.equal(page.first.file, shared);
    rmSync(shared);
    await Promise.all(apps.map((app) => becomes(app, 'working')));
    await Promise.all(apps.map(end));
  });

  test('why one crashed at its start: its last words, without their colours', async () => {
    const app = await begin('crashed');
    mode(app, 'crash');
    await berth.post(`/api/apps/${app.id}/restart`);
    await berth.reaches(app.id, 'errored');
    const why = await eventually('its last words', async () => {
      const { body } = await berth.get(`/api/apps/${app.id}/why`);
      return /Cannot find module/.test(body.sentence) && body;
    });
    assert.equal(why.status, 'errored');
    assert.equal(why.page, null);
    assert.ok(why.lastWords.includes("Error: Cannot find module './missing'"), why.lastWords.join('\n'));
    assert.ok(why.hints.some((hint) => /npm install/.test(hint)), why.hints.join('\n'));
    await end(app);
  });

  test('every address of the dashboard is its page', async () => {
    const app = await begin('addressed');
    const page = await berth.get('/');
    for (const where of [`/apps/${app.id}`, `/apps/${app.id}/logs`, `/apps/${app.id}/activity`, `/logs?app=${app.id}`, '/activity', '/templates']) {
      const answer = await berth.get(where);
      assert.equal(answer.status, 200, where);
      assert.equal(answer.body, page.body, where);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
    }
    for (const where of ['/apps', '/apps/../etc', `/apps/${app.id}/else`, '/assets/none.js']) assert.equal((await berth.get(where)).status, 404, where);
    await end(app);
  });
});
