// Whoever starts Berth hands things down without a word: closed descriptors, signals ignored or blocked, a log that nobody reads.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { eventually, program, using } from './support/berth.mjs';

/** What starts the program after having done this: no shell can ignore SIGCHLD or block a signal for its children. */
const perl = (statement) => ['perl', '-MPOSIX', '-e', `${statement}; exec @ARGV`];
const shell = (commands) => ['sh', '-c', `${commands}\nexec "$@"`, 'sh'];

describe('what Berth is started with', { timeout: 240_000 }, () => {
  test('signals that the parent ignores are heard: children are seen to end', () =>
    using({ through: perl("$SIG{CHLD} = $SIG{TERM} = 'IGNORE'") }, async (berth) => {
      await berth.online('made');
      assert.deepEqual(await berth.kill('SIGTERM'), { code: 0, signal: null });
    }));

  for (const signal of ['SIGTERM', 'SIGHUP'])
    test(`${signal} is heard though it was blocked`, () =>
      using({ through: perl('sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM, SIGHUP))') }, async (berth) =>
        assert.deepEqual(await berth.kill(signal), { code: 0, signal: null }),
      ));

  test('under nohup it outlives the terminal', () =>
    using({ through: ['nohup'] }, async (berth) => {
      const ignored = readFileSync(`/proc/${berth.child.pid}/status`, 'utf8').match(/^SigIgn:\s*(\w+)/m)[1];
      assert.equal(Number.parseInt(ignored.at(-1), 16) & 1, 1, 'SIGHUP is ignored');
      berth.child.kill('SIGHUP');
      assert.equal(await berth.answers(), true);
      assert.deepEqual(await berth.kill('SIGTERM'), { code: 0, signal: null });
    }));

  for (const closed of ['<&-', '>&-', '2>&-', '<&- >&- 2>&-'])
    test(`closed descriptors are given to nobody else: ${closed}`, () =>
      using({ through: ['sh', '-c', `exec "$@" ${closed}`, 'sh'] }, async (berth) => {
        const files = [0, 1, 2].map((fd) => readlinkSync(`/proc/${berth.child.pid}/fd/${fd}`));
        assert.deepEqual(files.filter((file) => !/^(\/dev\/null|(pipe|socket):\[\d+\])$/.test(file)), []);
        await berth.online('made');
        assert.doesNotMatch(readFileSync(path.join(berth.root, '.berth', 'lock'), 'utf8'), /pm2/);
      }));
});

/** Makes Berth say at least this many lines: each read of a log that is a symbolic link is one. None is waited for longer than 20 s. */
async function chatter(berth, app, lines) {
  for (let left = lines; left > 0; left -= 50) {
    const asked = Array.from({ length: 50 }, () =>
      fetch(`${berth.url}/api/apps/${app.id}/logs`, { signal: AbortSignal.timeout(20_000) }).then((r) => r.arrayBuffer()),
    );
    await Promise.all(asked);
  }
}

describe('a log that nobody reads', { timeout: 240_000 }, () => {
  test('holds nothing up, not even the end; what was lost is said where it is missing', () =>
    using({}, async (berth) => {
      const app = await berth.online('quiet');
      const log = path.join(berth.root, 'logs', `orch-${app.id}-error.log`);
      rmSync(log);
      symlinkSync('/dev/null', log);
      berth.child.stderr.pause();
      await chatter(berth, app, 8000);
      assert.equal((await berth.app(app.id)).status, 'online');
      berth.child.stderr.resume();
      await eventually('what is missing is told', () => /\n\.\.\. \d+ lines are missing here/.test(berth.log));
      berth.child.stderr.pause();
      await chatter(berth, app, 4000);
      assert.deepEqual(await berth.kill('SIGTERM'), { code: 0, signal: null });
    }));

  test('nor does an announcement that nobody reads', () => {
    const full = `fifo=$(mktemp -u)
      mkfifo "$fifo"; exec 3<>"$fifo"
      dd if=/dev/zero of="$fifo" oflag=nonblock bs=4096 count=1000 2>/dev/null
      rm "$fifo"; exec >&3`;
    return using({ through: shell(full) }, async (berth) => {
      await berth.online('made');
      assert.deepEqual(await berth.kill('SIGTERM'), { code: 0, signal: null });
    });
  });
});

/** A checkout that was moved after it was built: the program, the bridge, a dashboard; `body` gets its folder. */
async function moved(body) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'berth-moved-'));
  try {
    for (const folder of ['build/dev', 'build/tools/bin', 'src/pm2', 'frontend/dist', 'bin'])
      mkdirSync(path.join(home, folder), { recursive: true });
    copyFileSync(program, path.join(home, 'build/dev/berth'));
    symlinkSync(fileURLToPath(new URL('../../src/pm2/bridge', import.meta.url)), path.join(home, 'src/pm2/bridge'));
    writeFileSync(path.join(home, 'frontend/dist/index.html'), 'the dashboard that moved along');
    await body(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
/** Starts the program of that checkout in place of the one under test. */
const instead = (home) => ['sh', '-c', `shift; exec "${home}/build/dev/berth" "$@"`, 'sh'];
const node = (file, commands) => writeFileSync(file, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });

describe('where Berth finds its parts', { timeout: 240_000 }, () => {
  test('beside the program, in a checkout that was moved', () =>
    moved((home) =>
      using({ through: instead(home) }, async (berth) => {
        assert.equal((await berth.get('/')).body, 'the dashboard that moved along');
      }),
    ));

  test("a node that is too old for Next gives way to the checkout's own, for the apps too", () =>
    moved((home) => {
      node(path.join(home, 'bin/node'), 'echo v18.19.1; [ "$1" = --version ]');
      node(path.join(home, 'build/tools/bin/node'), `exec "${process.execPath}" "$@"`);
      const environment = { PATH: `${home}/bin:${process.env.PATH}` };
      return using({ through: instead(home), environment }, async (berth) => {
        const app = await berth.online('modern');
        const { PATH } = JSON.parse(await berth.ask(app, '/env'));
        assert.ok(PATH.split(':').includes(`${home}/build/tools/bin`), PATH);
      });
    }));

  test('where there is no other node, it says which is too old', () =>
    moved((home) => {
      const older = path.join(home, 'older.cjs');
      writeFileSync(older, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.19.1' } });`);
      node(path.join(home, 'bin/node'), `exec "${process.execPath}" -r "${older}" "$@"`);
      const environment = { PATH: `${home}/bin:${process.env.PATH}` };
      return using({ through: instead(home), environment }, async (berth) => {
        const told = (problem) => /Node\.js 18\.19\.1 .* is too old: Next needs 20\.9/.test(problem.detail);
        await eventually('the problem is told', async () => (await berth.get('/api/health')).body.problems.some(told));
      });
    }));
});
