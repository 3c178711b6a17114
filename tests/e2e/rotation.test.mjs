// Logs are bounded while pm2 goes on writing them: what is too long is moved to ".1", and who follows reads every byte once.
import assert from 'node:assert/strict';
import { readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { eventually, using } from './support/berth.mjs';
import { Events } from './support/events.mjs';

const limit = 256 << 10;
const size = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

describe('rotation', { timeout: 240_000 }, () => {
  test('every line once and in order, for a follower and on the disk, while the app writes', () =>
    using({ environment: { BERTH_LOG_LIMIT: String(limit) } }, async (berth) => {
      const app = await berth.online('chatty');
      const log = path.join(berth.root, 'logs', `orch-${app.id}-out.log`);
      let text = '';
      let rotations = 0;
      const events = await Events.open(berth);
      events.onMessage = (message) => {
        if (message.stream !== 'stdout') return;
        if (message.type === 'log-reset') rotations++;
        if (message.type === 'log') text += message.text;
      };
      events.send({ type: 'follow', id: app.id, from: { stdout: 0, stderr: 0 } });

      const lines = []; // in ASCII: pm2 turns each piece of output into text by itself, and breaks a character that lies across two
      for (let batch = 0; rotations < 4 || lines.length < 120_000; batch++) {
        assert.ok(batch < 20_000, `${rotations} rotations after ${lines.length} lines`);
        await berth.ask(app, `/log?lines=1000&text=n${batch}-of-the-numbered-lines`);
        for (let i = 0; i < 1000; i++) lines.push(`n${batch}-of-the-numbered-lines ${i}`);
      }
      await eventually('the follower has the last line', () => text.endsWith(`${lines.at(-1)}\n`), 60);
      const got = text.split('\n').filter((line) => line.startsWith('n'));
      const wrong = got.findIndex((line, at) => line !== lines[at]);
      assert.equal(wrong, -1, `of ${lines.length} lines ${got.length} came; ${JSON.stringify(got.slice(wrong - 1, wrong + 2))} in place of ${lines.slice(wrong - 1, wrong + 2)}`);
      assert.equal(got.length, lines.length);
      assert.equal(text.includes('\uFFFD'), false);

      await eventually('it is bounded again', () => size(log) < limit);
      const kept = readFileSync(`${log}.1`, 'utf8') + readFileSync(log, 'utf8');
      assert.ok(kept.length > 0 && text.endsWith(kept), 'the archive and the file together are the end of all that was written');
      const { body } = await berth.get(`/api/apps/${app.id}/logs?tail=1`);
      assert.equal(body.stdout, `${lines.at(-1)}\n`);
      await berth.delete(`/api/apps/${app.id}?cleanup=true`);
      assert.equal(size(`${log}.1`), 0);
    }));

  test('one that was too long before the server came is rotated at its first look', () =>
    using({ environment: { BERTH_LOG_LIMIT: String(limit) } }, async (berth) => {
      const app = await berth.online('old');
      const log = path.join(berth.root, 'logs', `orch-${app.id}-out.log`);
      await berth.kill('SIGKILL');
      truncateSync(log, 3 * limit);
      await berth.serve();
      await eventually('it is in the archive', () => size(`${log}.1`) > 2 * limit && size(log) < limit);
      await berth.ask(app, '/log?text=goes-on');
      await eventually('pm2 writes the same file', () => readFileSync(log, 'utf8').endsWith('goes-on 0\n'));
    }));
});
