// manifest.json as its owner's file: edits by hand, corruption, backups, a second server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, freePorts, program } from './support/berth.mjs';

const health = async (berth) => {
  await berth.get('/api/apps');
  return (await berth.get('/api/health')).body;
};

describe('manifest.json', { timeout: 240_000 }, () => {
  let berth, app;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('kept');
  });
  after(() => berth.close());

  const edit = (change) => {
    const manifest = berth.manifest();
    change(manifest);
    writeFileSync(berth.manifestFile, JSON.stringify(manifest, null, 2));
  };

  test('is what the API says', async () => {
    await berth.get('/api/apps');
    const { body } = await berth.get('/api/manifest');
    assert.equal(body.apps[app.id].name, 'kept');
    assert.equal('operation' in body.apps[app.id], false);
    assert.equal(berth.manifest().apps[app.id].directory, `./created-apps/${app.id}`);
  });

  test('an edit by hand is taken over, foreign fields included', async () => {
    edit((m) => {
      m.apps[app.id].name = 'renamed by hand';
      m.apps[app.id].note = 'mine';
      m.portRange = [berth.portRange[0], berth.portRange[1] - 1];
    });
    await eventually('the new name', async () => (await berth.app(app.id)).name === 'renamed by hand');
    const second = await berth.create('second');
    assert.equal(berth.manifest().apps[app.id].note, 'mine');
    assert.equal(berth.manifest().portRange[1], berth.portRange[1] - 1);
    await berth.delete(`/api/apps/${second.id}`);
  });

  test('an edit that does not parse: the last good state is served, nothing is written over it, and it says where', async () => {
    const good = readFileSync(berth.manifestFile, 'utf8');
    const broken = good.replace('"version"', '"version" oops');
    writeFileSync(berth.manifestFile, broken);
    const problem = await eventually('the problem', async () =>
      (await health(berth)).problems.find((p) => p.code === 'manifest_invalid'),
    );
    assert.match(problem.detail, /line 2, column \d+/);
    assert.equal((await berth.app(app.id)).status, 'online');
    const refused = await berth.post('/api/apps', { name: 'refused' });
    assert.equal(refused.body.code, 'manifest_invalid');
    assert.match(refused.body.detail, /line 2/);
    assert.equal((await berth.post(`/api/apps/${app.id}/stop`)).body.code, 'manifest_invalid');
    assert.equal((await berth.app(app.id)).status, 'online');
    assert.equal(readFileSync(berth.manifestFile, 'utf8'), broken);
    assert.deepEqual(readdirSync(path.join(berth.root, 'created-apps')), [app.id]);
    writeFileSync(berth.manifestFile, good);
    await eventually('all is well', async () => (await health(berth)).problems.length === 0);
    assert.equal((await berth.post(`/api/apps/${app.id}/restart`)).status, 200);
    await berth.reaches(app.id, 'online');
  });

  test('corrupt at the start: set aside, the newest valid backup restored, and said so', async () => {
    const other = await berth.create('other');
    await berth.delete(`/api/apps/${other.id}`);
    await berth.kill('SIGKILL');
    writeFileSync(berth.manifestFile, '{"version":');
    await berth.serve();
    const problem = (await health(berth)).problems.find((p) => p.code === 'manifest_restored');
    assert.ok(problem, berth.log.slice(-2000));
    assert.equal((await berth.app(app.id)).status, 'online');
    const aside = readdirSync(path.join(berth.root, '.berth')).filter((name) => name.startsWith('manifest-corrupt'));
    assert.equal(aside.length, 1);
    assert.equal(readFileSync(path.join(berth.root, '.berth', aside[0]), 'utf8'), '{"version":');
    assert.ok(readdirSync(path.join(berth.root, '.berth', 'backups')).length <= 20);
  });

  test('a second server on the same root ends with a clear message', async () => {
    const port = await freePorts(1);
    const second = spawn(program, ['serve', '--root', berth.root, '--port', String(port)], { env: berth.environment });
    let words = '';
    second.stderr.on('data', (text) => (words += text));
    const code = await new Promise((done) => second.once('exit', done));
    assert.equal(code, 1);
    assert.match(words, /another berth/i);
    assert.match(words, new RegExp(String(berth.child.pid)));
    assert.match(words, new RegExp(`localhost:${berth.port}`));
  });

  test('a port that is taken is said in words', async () => {
    const root = path.join(berth.home, 'other-root');
    const second = spawn(program, ['serve', '--root', root, '--port', String(berth.port)], { env: berth.environment });
    let words = '';
    second.stderr.on('data', (text) => (words += text));
    const code = await new Promise((done) => second.once('exit', done));
    assert.equal(code, 1);
    assert.match(words, new RegExp(`port ${berth.port}`));
  });
});
