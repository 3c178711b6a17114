// The protocol's own judges: its conformance suite, and its inspector.
//
// The suite was written for a server that has tools and resources for it to call ("test_simple_text"). Where Berth has one
// of the same nature, a proxy in between says Berth's name for it, and nothing else; where it has none, the scenario is left
// out, with the reason. Nothing is fetched here: the suite, the inspector and a Node that the suite runs on are packages.
import { execFile } from 'node:child_process';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { Berth, program } from './support/berth.mjs';

const packages = fileURLToPath(new URL('node_modules', import.meta.url));
const suite = path.join(packages, '@modelcontextprotocol/conformance/dist/index.js');
const inspector = path.join(packages, '@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** The suite needs Node.js 22: this one, or the one that came with it. */
const packaged = path.join(packages, `node-${process.platform}-${process.arch}`, 'bin/node');
const node = Number(process.versions.node.split('.')[0]) >= 22 ? process.execPath : existsSync(packaged) && packaged;
const skip = !node && `the suite needs Node.js 22; here is ${process.version}, and no package has one for this system`;

const as_it_is = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'server-sse-multiple-streams', 'dns-rebinding-protection'];

/** The suite's name, and what of Berth it is. `app` is an app that is there, called "app 123". */
const with_names = {
  'tools-call-simple-text': { tool: ['test_simple_text', 'list_apps'] },
  'tools-call-error': { tool: ['test_error_handling', 'why', () => ({ app: 'nobody' })] },
  'tools-call-with-progress': { tool: ['test_tool_with_progress', 'create_app'] },
  'server-sse-polling': { tool: ['test_reconnection', 'restart_app', (app) => ({ app: app.id })], stream: true },
  'resources-read-text': { uri: ['test://static-text', () => 'berth://apps'] },
  'resources-templates-read': { uri: ['test://template/123/data', (app) => `berth://apps/${app.id}/logs`] },
  'resources-subscribe': { uri: ['test://watched-resource', () => 'berth://apps'] },
  'resources-unsubscribe': { uri: ['test://watched-resource', (app) => `berth://apps/${app.id}/logs`] },
};

const left_out = {
  'logging-set-level': 'Berth declares no logging: a call tells of itself by its progress',
  'tools-call-with-logging': 'as above',
  'completion-complete': 'Berth declares no completions',
  'tools-call-image': 'no tool of Berth answers with an image',
  'tools-call-audio': 'no tool of Berth answers with sound',
  'tools-call-embedded-resource': 'no tool of Berth answers with a resource',
  'tools-call-mixed-content': 'no tool of Berth answers with several kinds of content',
  'tools-call-sampling': 'Berth asks nothing of the client’s model',
  'tools-call-elicitation': 'Berth asks nothing of the person',
  'elicitation-sep1034-defaults': 'as above',
  'elicitation-sep1330-enums': 'as above',
  'json-schema-2020-12': 'looks for one tool by its name, whose schema uses $defs; those of Berth do not',
  'resources-read-binary': 'all resources of Berth are text',
  'prompts-list': 'Berth declares no prompts',
  'prompts-get-simple': 'as above',
  'prompts-get-with-args': 'as above',
  'prompts-get-embedded-resource': 'as above',
  'prompts-get-with-image': 'as above',
};

const may_warn = ['server-sse-retry-field']; // a stream of Berth ends with its answer: there is no time to come back after

describe('the conformance suite', { timeout: 240_000, skip }, () => {
  let berth, app, results;
  before(async () => {
    berth = await Berth.start();
    app = await berth.online('app 123');
    results = mkdtempSync(path.join(os.tmpdir(), 'berth-conformance-'));
  });
  after(async () => {
    await berth?.close();
    rmSync(results, { recursive: true, force: true });
  });

  const run = async (scenario, url) => {
    const folder = path.join(results, scenario);
    const said = await promisify(execFile)(node, [suite, 'server', '--url', `${url}/mcp`, '--scenario', scenario, '-o', folder], { timeout: 60_000 }).then(
      ({ stdout }) => stdout,
      (error) => assert.fail(`${scenario}: ${error.stdout}${error.stderr}`),
    );
    const file = readdirSync(folder, { recursive: true }).find((name) => name.endsWith('checks.json'));
    const checks = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    assert.ok(checks.some((check) => check.status === 'SUCCESS'), `${scenario} judged nothing:\n${said}`);
    const complaints = checks.filter((check) => /FAILURE|WARNING/.test(check.status) && !may_warn.includes(check.id));
    assert.deepEqual(complaints, [], scenario);
  };

  test('each of its scenarios is run, or left out for a reason', async () => {
    const { stdout } = await promisify(execFile)(node, [suite, 'list', '--server']);
    const all = [...stdout.matchAll(/^ {2}- ([\w-]+)/gm)].map((match) => match[1]);
    assert.deepEqual(all.sort(), [...as_it_is, ...Object.keys(with_names), ...Object.keys(left_out)].sort());
  });

  for (const scenario of as_it_is) test(scenario, () => run(scenario, berth.url));

  for (const [scenario, { tool, uri, stream }] of Object.entries(with_names))
    test(`${scenario}, by Berth’s names`, async () => {
      const rename = ({ params, ...message }) => {
        if (tool && params?.name === tool[0]) params = { ...params, name: tool[1], arguments: tool[2]?.(app) ?? {} };
        if (stream && message.method === 'tools/call') params._meta = { progressToken: 1 }; // else a quick answer is a document
        if (uri && params?.uri === uri[0]) params = { ...params, uri: uri[1](app) };
        return { ...message, ...(params && { params }) };
      };
      const proxy = await renaming(berth, rename);
      await run(scenario, `http://localhost:${proxy.address().port}`).finally(() => proxy.close());
    });
});

/** Passes everything on to Berth as it is, but for what `rename` makes of the messages. */
function renaming(berth, rename) {
  const proxy = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    if (body) body = JSON.stringify(rename(JSON.parse(body)));
    const headers = { ...request.headers, host: `localhost:${berth.port}`, ...(body && { 'content-length': Buffer.byteLength(body) }) };
    const onward = http.request({ host: '127.0.0.1', port: berth.port, method: request.method, path: request.url, headers, agent: false });
    onward.on('response', (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.end(body);
  });
  return new Promise((done) => proxy.listen(0, 'localhost', () => done(proxy)));
}

describe('the inspector, from its command line', { timeout: 120_000, skip }, () => {
  const ways = {
    http: (berth) => [`${berth.url}/mcp`],
    stdio: (berth) => [program, 'mcp', '--port', String(berth.port), '--root', berth.root],
  };
  for (const [way, target] of Object.entries(ways))
    test(`lists and calls over ${way}`, async () => {
      const berth = await Berth.start();
      try {
        const inspect = async (...asked) => {
          const environment = { ...berth.environment, HOME: berth.home };
          const words = [inspector, '--cli', ...asked, '--', ...target(berth)];
          const { stdout } = await promisify(execFile)(node, words, { env: environment, timeout: 60_000 });
          return JSON.parse(stdout);
        };
        const { tools } = await inspect('--method', 'tools/list', '--strict'); // whether every client can read the schemas
        assert.ok(tools.some((tool) => tool.name === 'create_app'));
        const made = await inspect('--method', 'tools/call', '--tool-name', 'create_app', '--tool-arg', 'name=looked-at');
        assert.equal(made.structuredContent.status, 'online');
        const { resources } = await inspect('--method', 'resources/list');
        assert.equal(resources.length, 2);
        const { contents } = await inspect('--method', 'resources/read', '--uri', 'berth://apps');
        assert.match(contents[0].text, /looked-at/);
        const { resourceTemplates } = await inspect('--method', 'resources/templates/list');
        assert.equal(resourceTemplates.length, 1);
      } finally {
        await berth.close();
      }
    });
});
