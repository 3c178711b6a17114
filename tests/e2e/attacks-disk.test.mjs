// A disk that lies: links, pipes and devices where Berth's own files should be, a manifest that points outside, a second server. What
// is outside of the root is never removed, never shown; a log that cannot be read is said in words and holds nobody up.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Berth, eventually, freePorts, program } from './support/berth.mjs';
import { cli } from './support/cli.mjs';
import { Events, Follower } from './support/events.mjs';

const ids = Array.from({ length: 20 }, (_, i) => `aaaaaaaa${String(i).padStart(2, '0')}`);
const entry = (id, i) => ({
  id, name: `app ${i}`, category: null, directory: `./created-apps/${id}`, port: 20_001 + i, createdAt: '2026-01-31T14:30:00.000Z',
  pmId: null, pid: 0, status: 'stopped', memoryMB: 0, cpuPercent: 0, startedAt: null, restarts: 0,
});
const manifest = JSON.stringify({ version: '1.0.0', portRange: [20_001, 20_099], apps: Object.fromEntries(ids.map((id, i) => [id, entry(id, i)])) });

let canMount = true; // which needs root
try {
  execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
} catch {
  canMount = false;
}

describe('a disk that lies', { timeout: 240_000 }, () => {
  let berth, outside, apps, trash, logs;
  const left = [...ids]; // each test takes apps of its own
  before(async () => {
    berth = await Berth.start({ manifest });
    [apps, trash, logs] = ['created-apps', '.berth/trash', 'logs'].map((name) => path.join(berth.root, name));
    outside = path.join(berth.home, 'outside');
    mkdirSync(path.join(outside, 'deep'), { recursive: true });
    writeFileSync(path.join(outside, 'deep', 'gold'), 'treasure');
  });
  after(() => berth.close());

  const folder = (id) => path.join(apps, id);
  const made = () => {
    const id = left.shift();
    mkdirSync(folder(id), { recursive: true });
    writeFileSync(path.join(folder(id), 'package.json'), '{}');
    return id;
  };
  const remove = async (id) => {
    const { status, body } = await berth.delete(`/api/apps/${id}`);
    assert.equal(status, 200);
    assert.equal((await berth.get(`/api/apps/${id}`)).status, 404, 'the entry goes all the same');
    return body.warning;
  };
  const emptied = () => eventually('the trash is empty', () => readdirSync(trash).length === 0);
  const untouched = () => assert.equal(readFileSync(path.join(outside, 'deep', 'gold'), 'utf8'), 'treasure');

  describe('at delete', () => {
    const impostors = [
      ['a symbolic link to a folder', (id) => symlinkSync(outside, folder(id))],
      ['a symbolic link upwards', (id) => symlinkSync('../..', folder(id))],
      ['a symbolic link to itself', (id) => symlinkSync(id, folder(id))],
      ['a file', (id) => writeFileSync(folder(id), 'mine')],
      ['a pipe', (id) => execFileSync('mkfifo', [folder(id)])],
    ];
    for (const [what, replace] of impostors)
      test(`${what} in place of the app's folder is left alone, with a warning`, async () => {
        const id = made();
        rmSync(folder(id), { recursive: true });
        replace(id);
        assert.match(await remove(id), new RegExp(`${id}.*left as it is`));
        assert.ok(readdirSync(apps).includes(id));
        untouched();
        unlinkSync(folder(id));
      });

    test('links inside the folder go, what they point to stays', async () => {
      const id = made();
      symlinkSync(outside, path.join(folder(id), 'outside'));
      symlinkSync('/', path.join(folder(id), 'everything'));
      symlinkSync('../../..', path.join(folder(id), 'up'));
      symlinkSync(path.join(outside, 'deep', 'gold'), path.join(folder(id), 'gold'));
      mkdirSync(path.join(folder(id), '-rf'));
      mkdirSync(path.join(folder(id), 'a\nb"\' $(touch x)'));
      assert.equal(await remove(id), null);
      await emptied();
      untouched();
    });

    test('a link in place of created-apps or of the trash is not followed', async () => {
      const [one, two] = [made(), made()];
      mkdirSync(path.join(outside, one));
      const away = path.join(berth.home, 'away');
      renameSync(apps, away);
      symlinkSync(outside, apps);
      assert.match(await remove(one), /symbolic link/);
      assert.ok(existsSync(path.join(outside, one)));
      unlinkSync(apps);
      renameSync(away, apps);
      rmSync(trash, { recursive: true });
      symlinkSync(outside, trash);
      assert.match(await remove(two), /trash/);
      assert.ok(existsSync(folder(two)));
      unlinkSync(trash);
      untouched();
      assert.deepEqual(readdirSync(outside).sort(), [one, 'deep']);
    });

    test('logs that are links go without what they point to', async () => {
      const id = made();
      mkdirSync(logs, { recursive: true });
      symlinkSync(path.join(outside, 'deep', 'gold'), path.join(logs, `orch-${id}-out.log`));
      assert.equal(await remove(id), null);
      assert.equal(existsSync(path.join(logs, `orch-${id}-out.log`)), false);
      untouched();
    });
  });

  describe('at logs', () => {
    const secret = 'for nobody to read';
    const impostors = [
      ['a symbolic link', (file) => symlinkSync(path.join(outside, 'secret'), file), /symbolic link/],
      ['a symbolic link to a device', (file) => symlinkSync('/dev/zero', file), /symbolic link/],
      ['a pipe', (file) => execFileSync('mkfifo', [file]), /not a regular file/],
      ['a folder', (file) => mkdirSync(file), /not a regular file/],
    ];
    for (const [what, replace, why] of impostors)
      test(`${what} in place of a log: the tail, the download and a follower say so or wait; nothing leaks, nothing hangs`, async () => {
        const id = made();
        mkdirSync(logs, { recursive: true });
        writeFileSync(path.join(outside, 'secret'), secret);
        const file = path.join(logs, `orch-${id}-out.log`);
        const follower = new Follower(id);
        const events = await Events.open(berth);
        events.onMessage = (message) => follower.take(message);
        replace(file);
        events.send(follower.request());
        for (const where of [`/api/apps/${id}/logs`, `/api/apps/${id}/logs/stdout`]) {
          const { status, body } = await berth.get(where);
          assert.equal(status, 500, where);
          assert.match(body.detail, why);
          assert.doesNotMatch(JSON.stringify(body), new RegExp(secret));
        }
        assert.equal((await berth.get(`/api/apps/${id}/logs/stderr`)).status, 200, 'the other stream is served');
        const shown = await cli(berth.url, ['logs', id]);
        assert.equal(shown.code, 1);
        assert.match(shown.stderr, why);
        rmSync(file, { recursive: true });
        writeFileSync(file, 'a true log\n');
        await eventually('the follower goes on with the true file', () => follower.text === 'a true log\n');
        assert.doesNotMatch(JSON.stringify(events.messages), new RegExp(secret));
        await events.close();
        await remove(id);
      });

    test('logs that are removed while they are followed, and come back, begin again', async () => {
      const id = made();
      const file = path.join(logs, `orch-${id}-out.log`);
      const follower = new Follower(id);
      const events = await Events.open(berth);
      events.onMessage = (message) => follower.take(message);
      writeFileSync(file, 'first life\n');
      events.send(follower.request());
      await eventually('the first life', () => follower.text === 'first life\n');
      renameSync(logs, path.join(berth.home, 'old-logs'));
      await eventually('a reset', () => follower.resets === 1);
      symlinkSync(path.join(berth.home, 'old-logs'), logs); // a link to the very same folder is none of ours
      await eventually('it is looked at', async () => (await berth.get(`/api/apps/${id}/logs`)).status === 500);
      assert.equal(follower.text, '');
      unlinkSync(logs);
      mkdirSync(logs);
      writeFileSync(file, 'second life\n');
      await eventually('the second life', () => follower.text === 'second life\n');
      appendFileSync(file, 'goes on\n');
      await eventually('it goes on', () => follower.text === 'second life\ngoes on\n');
      assert.deepEqual(follower.problems, []);
      await events.close();
    });
  });

  describe('a manifest that points outside', () => {
    const problem = async () => {
      await berth.get('/api/apps');
      return (await berth.get('/api/health')).body.problems.find((p) => p.code === 'manifest_invalid');
    };
    const wrongs = [
      ['a folder outside', (m, a) => (a.directory = '../../etc'), /directory must be/],
      ['an id with slashes', (m, a) => (m.apps['../../etc/'] = { ...a, id: '../../etc/' }), /apps\.\.\.\/\.\.\/etc\/ is not an app id/],
      ['an absolute folder', (m, a) => (a.directory = '/etc'), /directory must be/],
      ['an id of dots', (m, a) => (m.apps['..'] = { ...a, id: '..' }), /apps\.\.\. is not an app id/],
      ['the folder of another app', (m, a) => (a.directory = `./created-apps/${left[1]}`), /directory must be/],
      ['an id under another key', (m, a) => (a.id = left[1]), /must be the key/],
      ['a name with a newline', (m, a) => (a.name = 'a\nb'), /control/],
      ['a port that is none', (m, a) => (a.port = 70_000), /port must be/],
      ['a category that turns text', (m, a) => (a.category = 'a\u202eb'), /category.*control/],
    ];
    test('by a folder, an id or a port is refused; what was good is still served, and nothing is written or removed', async () => {
      const good = readFileSync(berth.manifestFile, 'utf8');
      for (const [what, change, why] of wrongs) {
        const edited = JSON.parse(good);
        change(edited, edited.apps[left[0]]);
        writeFileSync(berth.manifestFile, JSON.stringify(edited));
        await eventually(`${what} is said`, async () => why.test((await problem())?.detail));
        const { body } = await berth.get('/api/apps');
        assert.equal(body.find((a) => a.id === left[0]).directory, `./created-apps/${left[0]}`);
        assert.equal((await berth.delete(`/api/apps/${left[0]}`)).body.code, 'manifest_invalid', what);
        assert.equal(readFileSync(berth.manifestFile, 'utf8'), JSON.stringify(edited), what);
      }
      writeFileSync(berth.manifestFile, good);
      await eventually('all is well', async () => !(await problem()));
    });

    test('a pipe or an endless device in place of the manifest holds nobody up', async () => {
      const good = readFileSync(berth.manifestFile, 'utf8');
      for (const replace of [() => execFileSync('mkfifo', [berth.manifestFile]), () => symlinkSync('/dev/zero', berth.manifestFile)]) {
        unlinkSync(berth.manifestFile);
        replace();
        await eventually('the problem is said', problem);
        unlinkSync(berth.manifestFile);
        writeFileSync(berth.manifestFile, good);
        await eventually('all is well', async () => !(await problem()));
      }
    });
  });

  test('what is mounted inside of an app\'s folder stays as it is', async (t) => {
    if (!canMount) return t.skip('mounting needs root');
    const id = left.shift();
    const inner = path.join(folder(id), 'disk');
    mkdirSync(inner, { recursive: true });
    writeFileSync(path.join(folder(id), 'package.json'), '{}');
    await berth.kill('SIGTERM');
    try {
      await mounted(id, inner);
    } finally {
      await berth.kill('SIGTERM').catch(() => {});
      berth.options.through = [];
      await berth.serve(); // where it is not mounted
    }
    await remove(id);
    await emptied();
    untouched();
  });
  // Of the same file system: a device number does not tell it from the app's own.
  const mounted = async (id, inner) => {
    const alone = 'mount --make-rprivate / && mount --bind "$0" "$1" && shift && exec "$@"';
    berth.options.through = ['unshare', '--mount', 'bash', '-c', alone, outside, inner];
    await berth.serve();
    const { status, body } = await berth.delete(`/api/apps/${id}`);
    assert.equal(status, 409, JSON.stringify(body));
    assert.equal(body.code, 'not_removable');
    assert.match(body.detail, new RegExp(`mounted at ${inner}`));
    assert.equal((await berth.app(id)).operation, null);
    assert.ok(existsSync(path.join(folder(id), 'package.json')));
  };

  describe('a second server', () => {
    /** Starts one and waits for its end: its code and words. */
    const second = async (root, { cwd, through = [], port } = {}) => {
      const [command, ...words] = [...through, program, 'serve', '--root', root, '--port', String(port ?? (await freePorts(1)))];
      const child = spawn(command, words, { env: berth.environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      child.stderr.on('data', (text) => (said += text));
      child.stdout.on('data', (text) => (said += text));
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const code = await new Promise((done) => child.once('exit', done));
      clearTimeout(timer);
      return { code, said };
    };
    const refused = ({ code, said }) => {
      assert.equal(code, 1, said);
      assert.match(said, new RegExp(`another berth \\(pid ${berth.child.pid}, http://localhost:${berth.port}\\) already serves`));
    };

    test('on the same root is turned away, by whatever path it comes', async () => {
      const link = path.join(berth.home, 'link');
      symlinkSync(berth.root, link);
      refused(await second(berth.root));
      refused(await second(link));
      refused(await second('root', { cwd: berth.home }));
      refused(await second(`${berth.root}/../root/./created-apps/..`));
      const mounted = path.join(berth.home, 'mounted');
      mkdirSync(mounted);
      if (canMount) refused(await second(mounted, { through: ['unshare', '--mount', 'bash', '-c', `mount --bind '${berth.root}' '${mounted}' && exec "$0" "$@"`] }));
      assert.equal((await berth.get('/api/apps')).status, 200);
    });

    test('on the same port is turned away, and leaves no lock behind', async () => {
      const other = path.join(berth.home, 'other');
      for (let i = 0; i < 2; i++) {
        const { code, said } = await second(other, { port: berth.port });
        assert.equal(code, 1);
        assert.match(said, new RegExp(`port ${berth.port}`));
      }
    });

    test('may start at once when the first was killed', async () => {
      await berth.kill('SIGKILL');
      await berth.serve();
      assert.equal((await berth.get('/api/apps')).status, 200);
      refused(await second(berth.root));
    });

    test('does not start where its own folders are links', async () => {
      for (const name of ['created-apps', 'logs', '.berth']) {
        const root = path.join(berth.home, `linked-${name}`);
        mkdirSync(root);
        symlinkSync(outside, path.join(root, name));
        const { code, said } = await second(root);
        assert.equal(code, 1);
        assert.match(said, /must be a folder, not a file or a symbolic link/);
      }
      untouched();
    });
  });
});
