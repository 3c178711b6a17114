// Agents with the protocol's own SDK, over HTTP and through `berth mcp`: the same tools, resources and answers.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

import { Berth, eventually, using } from './support/berth.mjs';
import { Agent, ways } from './support/mcp.mjs';

const release = (berth) => writeFileSync(path.join(berth.root, 'created-apps', 'RELEASE'), '');

for (const [way, transport] of Object.entries(ways))
  describe(`an agent over ${way}`, { timeout: 240_000 }, () => {
    let berth, agent;
    before(async () => {
      berth = await Berth.start();
      agent = await Agent.connect(transport(berth));
    });
    after(async () => {
      await agent?.close();
      await berth.close();
    });

    test('is told who it talks to, and every tool with its schemas and hints', () => {
      const { name, version } = agent.client.getServerVersion();
      assert.deepEqual([name, version], ['berth', '0.1.0']);
      assert.equal(agent.client.getServerCapabilities().resources.subscribe, true);
      assert.match(agent.client.getInstructions(), /never instructions/);
      const names = agent.tools.map((tool) => tool.name).sort();
      assert.deepEqual(names, ['adopt_app', 'check_app', 'create_app', 'delete_app', 'edit_app', 'list_apps', 'list_templates',
        'read_logs', 'restart_app', 'sleep_app', 'stop_app', 'wait_until_ready', 'why']);
      for (const tool of agent.tools) {
        assert.ok(tool.description.length > 20, tool.name);
        assert.equal(tool.inputSchema.additionalProperties, false, tool.name);
        assert.equal(tool.outputSchema.type, 'object', tool.name);
        assert.equal(typeof tool.annotations.readOnlyHint, 'boolean', tool.name);
      }
      const hints = Object.fromEntries(agent.tools.map((tool) => [tool.name, tool.annotations]));
      assert.ok(hints.delete_app.destructiveHint);
      assert.ok(hints.list_apps.readOnlyHint && !hints.stop_app.readOnlyHint);
    });

    test('an app from its create to its end, by its name', async () => {
      const progress = [];
      const made = await agent.does('create_app', { name: 'shop', category: 'demos' }, { timeout: 60_000, onprogress: (each) => progress.push(each) });
      assert.equal(made.status, 'online');
      assert.ok(existsSync(path.join(made.directory, 'package.json')));
      assert.match(await (await fetch(made.url)).text(), /hello/);
      assert.ok(progress.some((each) => /Success! Created a small app|scaffolding/i.test(each.message)), JSON.stringify(progress));
      assert.ok(progress.every((each, i) => i === 0 || each.progress > progress[i - 1].progress), 'progress goes up');

      const listed = await agent.does('list_apps', { category: 'demos' });
      assert.deepEqual(listed.apps.map((app) => [app.id, app.status]), [[made.id, 'online']]);
      assert.deepEqual((await agent.does('list_apps', { category: 'others' })).apps, []);

      const logs = await agent.does('read_logs', { app: 'shop', stream: 'stdout', grep: 'starting' });
      assert.match(logs.stdout, /starting on \d+/);
      await fetch(`${made.url}/log?text=one-more`);
      const more = await eventually('it is in the log', async () => {
        const since = await agent.does('read_logs', { app: 'shop', stream: 'stdout', since: logs.next.stdout });
        return since.stdout && since;
      });
      assert.match(more.stdout, /^one-more/);

      assert.match((await agent.does('why', { app: made.id.slice(0, 5) })).sentence, /online|nothing/i);
      assert.equal((await agent.does('stop_app', { app: 'shop' })).status, 'stopped');
      assert.equal((await agent.does('restart_app', { app: 'shop' })).status, 'online');
      assert.equal((await agent.does('edit_app', { app: 'shop', name: 'store', category: null })).name, 'store');
      assert.equal((await agent.does('wait_until_ready', { app: 'store' })).status, 'online');
      assert.equal((await agent.does('delete_app', { app: 'store' })).id, made.id);
      assert.equal(existsSync(made.directory), false);
      assert.deepEqual((await agent.does('list_apps')).apps, []);
    });

    test('what goes wrong is said in words, with what to do next', async () => {
      const app = await agent.does('create_app', { name: 'words' });
      await agent.fails('stop_app', { app: 'nobody' }, /"nobody".*list_apps/s);
      await agent.fails('create_app', { name: 'WORDS' }, /"words"|"WORDS"/);
      await agent.fails('list_apps', { colour: 'red' }, /colour/);
      await agent.fails('read_logs', { app: 'words', lines: 'many' }, /lines/);
      await agent.fails('delete_app', { app: app.id.slice(0, 5) }, /./);
      await fetch(`${app.url}/exit?code=3`);
      await berth.reaches(app.id, 'errored');
      await agent.fails('wait_until_ready', { app: 'words' }, /code 3/);
      const why = await agent.does('why', { app: 'words' });
      assert.equal(why.exitCode, 3);
      assert.doesNotMatch(why.text, /\bberth \w/, 'an agent has tools, not a command line');
      await agent.does('delete_app', { app: 'words' });
      const unknown = await agent.client.callTool({ name: 'no_such_tool', arguments: {} }).catch((error) => error);
      assert.ok(unknown instanceof McpError);
      assert.equal(unknown.code, ErrorCode.InvalidParams);
    });

    test('resources are listed, read, and tell of their changes while somebody wants to know', async () => {
      const app = await agent.does('create_app', { name: 'seen' });
      const logs = `berth://apps/${app.id}/logs`;
      const { resources } = await agent.client.listResources();
      assert.deepEqual(resources.map((each) => each.uri).sort(), ['berth://apps', logs].sort());
      const { resourceTemplates } = await agent.client.listResourceTemplates();
      assert.deepEqual(resourceTemplates.map((each) => each.uriTemplate), ['berth://apps/{id}/logs']);
      const { contents } = await agent.client.readResource({ uri: 'berth://apps' });
      assert.equal(contents[0].mimeType, 'application/json');
      assert.match(contents[0].text, /"seen"/);
      assert.match((await agent.client.readResource({ uri: logs })).contents[0].text, /starting on/);
      await assert.rejects(agent.client.readResource({ uri: 'berth://apps/nobody/logs' }), { code: -32002 });

      await agent.client.subscribeResource({ uri: 'berth://apps' });
      await agent.client.subscribeResource({ uri: logs });
      const [appsChange, logsChange] = [agent.hears('berth://apps'), agent.hears(logs)];
      await fetch(`${app.url}/log?text=news`);
      await logsChange();
      await berth.post(`/api/apps/${app.id}/stop`);
      await appsChange();
      await agent.client.unsubscribeResource({ uri: 'berth://apps' });
      const changes = agent.listChanges;
      await agent.does('delete_app', { app: 'seen' });
      await eventually('the list is said to have changed', () => agent.listChanges > changes);
    });

    test('and the client had nothing to complain of', () => assert.deepEqual(agent.errors, []));
  });

for (const [way, transport] of Object.entries(ways))
  describe(`a create that takes long, over ${way}`, { timeout: 240_000 }, () => {
    test('is cancelled with its request, and leaves nothing', () =>
      using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
        const agent = await Agent.connect(transport(berth));
        const giveUp = new AbortController();
        const create = agent.ask('create_app', { name: 'hangs' }, { signal: giveUp.signal });
        const given = assert.rejects(create, /gave up/);
        await eventually('it hangs', async () => (await berth.get('/api/operations')).body[0]?.line === 'hanging');
        giveUp.abort('gave up');
        await given;
        await eventually('it is undone', async () => (await berth.get('/api/operations')).body.length === 0);
        assert.deepEqual((await agent.does('list_apps')).apps, []);
        await agent.close();
      }));

    test('one that is cancelled at once is undone as well', () =>
      using({ environment: { BERTH_SMALL_APP: 'hang' } }, async (berth) => {
        const agent = await Agent.connect(transport(berth));
        for (let round = 0; round < 5; round++) {
          const giveUp = new AbortController();
          const create = agent.ask('create_app', { name: `hangs ${round}` }, { signal: giveUp.signal });
          const given = assert.rejects(create, /gave up/);
          setImmediate(() => giveUp.abort('gave up'));
          await given;
        }
        agent.ask('create_app', { name: 'the last' }).catch(() => {}); // by the time it is seen, so are those before it
        await eventually('all others are undone', async () => {
          const { body } = await berth.get('/api/operations');
          return body.length === 1 && body[0].name === 'the last' && body[0].line === 'hanging';
        });
        await agent.close();
      }));

    test('goes on when the client has no patience, and wait_until_ready picks it up', () =>
      using({ environment: { BERTH_SMALL_APP: 'slow' } }, async (berth) => {
        const hasty = await Agent.connect(transport(berth));
        // The client's own timeout cancels; one that just goes away does not.
        hasty.ask('create_app', { name: 'slow' }).catch(() => {});
        await eventually('it is under way', async () => (await berth.get('/api/operations')).body.length === 1);
        await hasty.close();
        const agent = await Agent.connect(transport(berth));
        const ready = agent.does('wait_until_ready', { app: 'slow' });
        release(berth);
        assert.equal((await ready).status, 'online');
        await agent.close();
      }));

    test('is kept alive by its progress beyond the client’s own timeout', () =>
      using({ environment: { BERTH_SMALL_APP: 'slow' } }, async (berth) => {
        const agent = await Agent.connect(transport(berth));
        let messages = 0;
        const options = { timeout: 8_000, resetTimeoutOnProgress: true, onprogress: () => messages++ };
        const made = agent.does('create_app', { name: 'slow' }, options);
        const begun = Date.now();
        await eventually('it has taken longer than that', () => Date.now() - begun > 12_000, 60);
        release(berth);
        assert.equal((await made).status, 'online');
        assert.ok(messages > 2);
        await agent.close();
      }));
  });
