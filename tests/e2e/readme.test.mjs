// The README's walk from create to rm, as a newcomer would paste it: every ```sh block between <!-- walk --> and <!-- /walk -->, in
// order, in one shell that stops at the first failure.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { startShell } from './support/cli.mjs';

const readme = process.env.BERTH_README ?? new URL('../../README.md', import.meta.url);

export function walkOf(text) {
  const walks = [...text.matchAll(/<!-- walk -->([^]*?)<!-- \/walk -->/g)].map((match) => match[1]);
  return walks.flatMap((walk) => [...walk.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1]));
}

describe('the README', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  test('its walk works as it is written', async () => {
    const blocks = walkOf(readFileSync(readme, 'utf8'));
    assert.ok(blocks.length > 0, 'the README has no walk');
    const run = await startShell(berth.url, `set -euo pipefail\n${blocks.join('\n')}`).end(50);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /my-first {2}online {2}http:\/\/localhost:\d+/);
    assert.match(run.stdout, /\nstopped my-first\n/);
    assert.match(run.stdout, /\nstarted my-first, online at http:/);
    assert.match(run.stdout, /\ndeleted my-first\n$/);
    assert.deepEqual((await berth.get('/api/apps')).body, []);
  });
});
