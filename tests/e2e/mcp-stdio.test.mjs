// `berth mcp` itself: what it starts, what it says and where, and how it outlives a Berth that ends.
import { execFile } from 'node:child_process';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';

import { Berth, eventually, program, using } from './support/berth.mjs';
import { Agent, Lines, ways } from './support/mcp.mjs';
import { isAlive } from './support/processes.mjs';

/** A Berth whose server has ended: a place where `berth mcp` may start one. */
async function withoutServer(options, body) {
  const berth = await Berth.start(options);
  try {
    await berth.kill('SIGTERM');
    await body(berth);
  } finally {
    const pid = holder(berth);
    if (pid && isAlive(pid)) process.kill(pid, 'SIGTERM');
    await eventually('the server that was started has ended', () => !pid || !isAlive(pid));
    await berth.close();
  }
}

/** The pid in the root's lock: of the server that has it, or had it last. */
const holder = (berth) => Number(readFileSync(path.join(berth.root, '.berth', 'lock'), 'utf8').split('\n')[0]);

describe('berth mcp', { timeout: 240_000 }, () => {
  test('says the protocol on stdout and nothing else, whatever it is given', () =>
    using({}, async (berth) => {
      const lines = await new Lines(berth).initialize();
      lines.send('{"jsonrpc":"2.0","id":1,"method":"ping"}\r\n', '\r\n', '\n', '   \n');
      assert.deepEqual((await lines.answer(1)).result, {});
      lines.send('this is no JSON\n', '[{"jsonrpc":"2.0","id":2,"method":"ping"}]\n', '{"jsonrpc":"2.0","id":3}\n', '\xff\xfe{}\n');
      await eventually('four refusals', () => lines.messages.filter((each) => each.error).length === 4);
      lines.send({ id: 'unknown', method: 'no/such/method' });
      assert.equal((await lines.answer('unknown')).error.code, -32601);
      const long = 'x'.repeat(70_000);
      lines.send({ method: 'tools/call', params: { name: 'list_apps', arguments: { category: long } }, id: 'long' });
      assert.match((await lines.answer('long')).error.message, /65536 bytes/);
      lines.send(`${'y'.repeat(6 << 20)}\n`, { id: 'after', method: 'ping' });
      assert.deepEqual((await lines.answer('after')).result, {});
      const many = Array.from({ length: 50 }, (_, i) => ({ id: 100 + i, method: 'tools/call', params: { name: 'list_apps' } }));
      lines.send(...many);
      for (const { id } of many) assert.ok((await lines.answer(id)).result);
      assert.deepEqual(await lines.close(), { code: 0, signal: null });
      assert.ok(lines.messages.every((each) => each.jsonrpc === '2.0'));
      assert.equal(lines.stderr, '');
    }));

  test('what is on its way when the input ends is still said', () =>
    using({}, async (berth) => {
      const lines = new Lines(berth);
      const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'pipe', version: '1' } };
      lines.send({ id: 1, method: 'initialize', params }, { method: 'notifications/initialized' }, { id: 2, method: 'tools/list' });
      assert.deepEqual(await lines.close(), { code: 0, signal: null });
      assert.equal((await lines.answer(1)).result.protocolVersion, '2025-06-18');
      assert.ok((await lines.answer(2)).result.tools.length > 5);
    }));

  test('ends with its client, even while a request is under way, and the work goes on', () =>
    using({ environment: { BERTH_SMALL_APP: 'slow' } }, async (berth) => {
      const lines = await new Lines(berth).initialize();
      lines.send({ id: 1, method: 'tools/call', params: { name: 'create_app', arguments: { name: 'slow' } } });
      await eventually('it is under way', async () => (await berth.get('/api/operations')).body.length === 1);
      assert.deepEqual(await lines.close(), { code: 0, signal: null });
      writeFileSync(path.join(berth.root, 'created-apps', 'RELEASE'), '');
      await eventually('it is there', async () => (await berth.get('/api/apps')).body.length === 1);
    }));

  test('starts a server where none answers, once for all that want one, and leaves it running', () =>
    withoutServer({}, async (berth) => {
      const agents = await Promise.all([1, 2, 3].map(() => Agent.connect(ways.stdio(berth))));
      for (const agent of agents) assert.deepEqual((await agent.does('list_apps')).apps, []);
      const pid = holder(berth);
      assert.ok(agents.some((agent) => /started a server/.test(agent.said))); // one that comes late finds it there
      for (const agent of agents) await agent.close();
      assert.ok(isAlive(pid));
      assert.ok(await berth.answers());
      assert.equal(readFileSync(path.join(berth.root, '.berth', 'server.log'), 'utf8').match(/^Berth is at/gm).length, 1);
      assert.equal(readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[5], String(pid), 'it leads a session of its own');
    }));

  test('a server that cannot be started is said in words, and the next request tries again', () =>
    withoutServer({}, async (berth) => {
      const lock = path.join(berth.root, '.berth', 'lock');
      rmSync(lock);
      mkdirSync(lock);
      const lines = new Lines(berth);
      const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'lines', version: '1' } };
      lines.send({ id: 'no', method: 'initialize', params });
      const { error } = await lines.answer('no');
      assert.match(error.message, /could not be started: Berth cannot use .*lock/s);
      rmSync(lock, { recursive: true });
      await lines.initialize();
      assert.deepEqual(await lines.close(), { code: 0, signal: null });
    }));

  test('the session goes on when Berth is started again, its subscriptions too', () =>
    using({}, async (berth) => {
      const agent = await Agent.connect(ways.stdio(berth));
      const app = await agent.does('create_app', { name: 'stays' });
      await agent.client.subscribeResource({ uri: 'berth://apps' });
      await berth.kill('SIGKILL');
      const again = agent.hears('berth://apps'); // it may have changed meanwhile
      await berth.serve();
      assert.equal((await agent.does('wait_until_ready', { app: 'stays' })).id, app.id);
      await again();
      const stopped = agent.hears('berth://apps');
      await berth.post(`/api/apps/${app.id}/stop`);
      await stopped();
      assert.match(agent.said, /was started anew; the session goes on/);
      assert.deepEqual(agent.errors, []);
      await agent.close();
    }));

  test('what was under way when Berth was killed is answered with an error that says so', () =>
    using({ environment: { BERTH_SMALL_APP: 'slow' } }, async (berth) => {
      const agent = await Agent.connect(ways.stdio(berth));
      const create = assert.rejects(agent.ask('create_app', { name: 'slow' }), /whether it was done is not known/);
      await eventually('it is under way', async () => (await berth.get('/api/operations')).body.length === 1);
      await berth.kill('SIGKILL');
      await create;
      await berth.serve();
      assert.deepEqual((await agent.does('list_apps')).apps, []);
      await agent.close();
    }));
});

describe('berth mcp install', { timeout: 60_000 }, () => {
  const install = async (berth, words, cwd) => {
    const environment = { ...berth.environment, HOME: berth.home, CODEX_HOME: '', BERTH_URL: berth.url };
    return promisify(execFile)(program, ['mcp', 'install', ...words], { env: environment, cwd }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error) => ({ code: error.code, stdout: error.stdout, stderr: error.stderr }),
    );
  };

  test('what it writes is what starts a client, and what was there stays', () =>
    using({}, async (berth) => {
      const here = path.join(berth.home, 'project');
      mkdirSync(here);
      const files = {
        claude: [path.join(here, '.mcp.json'), (text) => JSON.parse(text).mcpServers.berth],
        cursor: [path.join(berth.home, '.cursor/mcp.json'), (text) => JSON.parse(text).mcpServers.berth],
        vscode: [path.join(here, '.vscode/mcp.json'), (text) => JSON.parse(text).servers.berth],
      };
      for (const [client, [file, entry]] of Object.entries(files)) {
        const dry = await install(berth, ['--client', client, '--dry-run'], here);
        assert.equal(dry.code, 0);
        assert.equal(existsSync(file), false, `${client}: a dry run wrote`);
        assert.equal((await install(berth, ['--client', client], here)).code, 0);
        const { command, args, type } = entry(readFileSync(file, 'utf8'));
        assert.deepEqual([command, args, type], [program, ['mcp', '--url', berth.url], 'stdio']);
        assert.match((await install(berth, ['--client', client], here)).stdout, /has it already/);
      }
      const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
      const { command, args } = files.claude[1](readFileSync(files.claude[0], 'utf8'));
      const agent = await Agent.connect(new StdioClientTransport({ command, args, env: berth.environment, stderr: 'pipe' }));
      assert.deepEqual((await agent.does('list_apps')).apps, []);
      await agent.close();

      const toml = path.join(berth.home, '.codex/config.toml');
      mkdirSync(path.dirname(toml));
      writeFileSync(toml, '# mine\nmodel = "x"\n', { mode: 0o600 });
      assert.equal((await install(berth, ['--client', 'codex'], here)).code, 0);
      assert.match(readFileSync(toml, 'utf8'), /^# mine\nmodel = "x"\n\n\[mcp_servers\.berth\]\ncommand = ".*"\nargs = \["mcp", "--url", ".*"\]\n$/);

      writeFileSync(files.claude[0], '{ // mine\n}');
      const refused = await install(berth, ['--client', 'claude'], here);
      assert.equal(refused.code, 1);
      assert.match(refused.stdout, /"mcpServers"/);
      assert.match(refused.stderr, /left as it is/);
      assert.equal(readFileSync(files.claude[0], 'utf8'), '{ // mine\n}');
      const shown = await install(berth, [], here);
      for (const name of ['Claude Code', 'Cursor', 'VS Code', 'Codex']) assert.match(shown.stdout, new RegExp(`^${name}, in /`, 'm'));
    }));
});
