// Clients of the Model Context Protocol, by its own SDK: over HTTP, and through `berth mcp` over stdio.
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceListChangedNotificationSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';

import { eventually, program } from './berth.mjs';

/** How a client comes to a Berth. */
export const ways = {
  http: (berth) => new StreamableHTTPClientTransport(new URL(`${berth.url}/mcp`)),
  stdio: (berth, words = []) =>
    new StdioClientTransport({
      command: program,
      args: ['mcp', '--port', String(berth.port), '--root', berth.root, ...words],
      env: berth.environment,
      stderr: 'pipe',
    }),
};

/** A connected client, with all it was told and how much. The SDK holds every structured answer against its schema. */
export class Agent {
  constructor() {
    this.updated = [];
    this.listChanges = 0;
    this.errors = [];
    this.said = '';
    this.characters = 0; // of the answers to tools, as they are sent
  }

  static async connect(transport) {
    const agent = new Agent();
    agent.client = new Client({ name: 'berth-tests', version: '1' });
    // The SDK takes progress up a turn after it came, and an answer at once: of an answer right behind it, it no longer knows whose
    // the progress was.
    agent.client.onerror = (error) => error.message.startsWith('Received a progress notification for an unknown token') || agent.errors.push(error);
    agent.client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => agent.updated.push(params.uri));
    agent.client.setNotificationHandler(ResourceListChangedNotificationSchema, () => agent.listChanges++);
    transport.stderr?.on('data', (text) => (agent.said += text));
    agent.transport = transport;
    await agent.client.connect(transport);
    const { tools } = await agent.client.listTools(); // from now on the answers' schemas are known
    agent.tools = tools;
    return agent;
  }

  async ask(name, args = {}, options = { timeout: 60_000 }) {
    const answer = await this.client.callTool({ name, arguments: args }, undefined, options);
    this.characters += JSON.stringify(answer).length;
    assert.equal(answer.content.length, 1);
    assert.equal(answer.content[0].type, 'text');
    return { text: answer.content[0].text, failed: answer.isError ?? false, ...answer.structuredContent };
  }

  /** An answer that is none of a failure. */
  async does(name, args, options) {
    const answer = await this.ask(name, args, options);
    assert.equal(answer.failed, false, `${name}: ${answer.text}`);
    return answer;
  }

  async fails(name, args, what) {
    const answer = await this.ask(name, args);
    assert.equal(answer.failed, true, `${name}: ${answer.text}`);
    assert.match(answer.text, what);
    return answer;
  }

  /** Waits until the resource is said to have changed, from now on. */
  hears(uri) {
    const from = this.updated.length;
    return () => eventually(`${uri} is said to have changed`, () => this.updated.slice(from).includes(uri));
  }

  close() {
    return this.client.close();
  }
}

/** `berth mcp`, line by line: what no SDK would send. Every line that it says must be a message. */
export class Lines {
  constructor(berth, words = ['--port', String(berth.port), '--root', berth.root]) {
    this.messages = [];
    this.stderr = '';
    this.child = spawn(program, ['mcp', ...words], { env: berth.environment, stdio: 'pipe' });
    createInterface({ input: this.child.stdout }).on('line', (line) => this.messages.push(JSON.parse(line)));
    this.child.stderr.on('data', (text) => (this.stderr += text));
    this.child.stdin.on('error', () => {});
    this.ended = new Promise((done) => this.child.once('close', (code, signal) => done({ code, signal })));
  }

  send(...messages) {
    for (const each of messages) this.child.stdin.write(typeof each === 'string' ? each : `${JSON.stringify({ jsonrpc: '2.0', ...each })}\n`);
  }

  answer(id, seconds = 20) {
    const found = () => this.messages.find((each) => each.id === id && (each.result || each.error));
    return eventually(`an answer to ${id}`, found, seconds).catch((error) => {
      throw new Error(`${error.message}; ${JSON.stringify(this.messages).slice(0, 2000)}\n${this.stderr}`);
    });
  }

  async initialize() {
    this.send({ id: 'first', method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'lines', version: '1' } } });
    const { result } = await this.answer('first');
    assert.equal(result?.serverInfo?.name, 'berth', JSON.stringify(this.messages));
    this.send({ method: 'notifications/initialized' });
    return this;
  }

  /** Ends its input; how it ended. */
  close() {
    this.child.stdin.end();
    return this.ended;
  }
}
