// An agent's day with the real Next, through `berth mcp` alone: what it is told for it is small, and it never sleeps.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { Berth } from './support/berth.mjs';
import { Agent, ways } from './support/mcp.mjs';

const page = 'src/app/page.tsx';
const patient = { timeout: 120_000, resetTimeoutOnProgress: true, onprogress: () => {} };

/** What an agent does whose answer is that Next did not answer in time, on a machine that is busy: it asks again. Each answer counts. */
async function checked(agent, app) {
  for (let left = 4; ; left--) {
    const told = await agent.does('check_app', { app }, patient);
    if (told.page !== 'unchecked' || left === 0) return told;
  }
}

test('create, ready, break, check, why, mend, working, fork, delete', { timeout: 1_100_000 }, async () => {
  const berth = await Berth.start({ scaffold: null });
  let agent;
  try {
    agent = await Agent.connect(ways.stdio(berth));
    const shop = await agent.does('create_app', { name: 'shop' }, patient); // with a cold cache, create-next-app's minutes
    assert.equal((await agent.does('wait_until_ready', { app: 'shop' }, patient)).status, 'online');
    const source = path.join(shop.directory, page);
    const good = readFileSync(source, 'utf8');

    const line = good.split('\n').findIndex((text) => text.includes('return')) + 1;
    writeFileSync(source, good.replace('return', 'retur n'));
    const broken = await checked(agent, 'shop');
    assert.equal(broken.page, 'broken');
    assert.equal(broken.error.file, page);
    assert.equal(broken.error.line, line);
    assert.ok(broken.error.column >= 1);
    assert.match(broken.error.frame, /retur n/);
    assert.match(broken.text, new RegExp(`${page}:${line}`));
    assert.match((await agent.does('why', { app: 'shop' })).sentence, new RegExp(`${page}:${line}`));

    writeFileSync(source, good.replace(/return \([^]*\);/, 'return <p>mended</p>;'));
    assert.equal((await checked(agent, 'shop')).page, 'working');

    const fork = await agent.does('create_app', { from: 'shop', name: 'fork' }, patient);
    assert.equal(fork.status, 'online');
    assert.match(await (await fetch(fork.url)).text(), /mended/, 'with the work that was not committed');
    assert.equal((await checked(agent, 'fork')).page, 'working');
    for (const app of ['fork', 'shop']) await agent.does('delete_app', { app });
    assert.equal(existsSync(shop.directory), false);
    assert.deepEqual((await agent.does('list_apps')).apps, []);

    console.log(`the answers of the day were ${agent.characters} characters`);
    assert.ok(agent.characters <= 4_000, `${agent.characters} characters`);
    assert.deepEqual(agent.errors, []);
  } finally {
    await agent?.close();
    await berth.close();
  }
});
