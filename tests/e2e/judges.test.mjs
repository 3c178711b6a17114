// Other people's tools say whether the API's description and the metrics are what they claim to be.
import { createConfig, lint } from '@redocly/openapi-core';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { using } from './support/berth.mjs';

const source = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const found = (command) => spawnSync(command, ['--version']).status === 0;

test("the description keeps to Redocly's recommended rules", async () => {
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lint({ ref: source('src/net/api/openapi.json'), config });
  assert.deepEqual(problems.map((p) => `${p.ruleId} ${p.location[0].pointer}`).sort(), [
    // Named in words where they belong: OpenAPI has no place for WebSocket messages, nor for answers to paths that are not there.
    'no-unused-components #/components/responses/MethodNotAllowed',
    'no-unused-components #/components/responses/NotFound',
    'no-unused-components #/components/schemas/WsClientMessage',
    'no-unused-components #/components/schemas/WsServerMessage',
    // A WebSocket's answer is 101.
    'operation-2xx-response #/paths/~1api~1events/get/responses',
  ]);
});

// scripts/test fetches it where there is apt.
const promtool = ['promtool', source('build/tools/prometheus/usr/bin/promtool')].find(found);
const missing = !promtool && !found('apt-get') && 'promtool is not here, and no apt to fetch it with';

test('promtool finds nothing to say about /metrics', { skip: missing }, async () => {
  assert.ok(promtool, 'promtool is not here: scripts/test fetches it');
  await using({}, async (berth) => {
    await berth.online('a "name" \\ of its own');
    const { body } = await berth.get('/metrics');
    assert.match(body, /berth_app_memory_bytes\{/);
    execFileSync(promtool, ['check', 'metrics'], { input: body });
  });
});
