// list_apps over /mcp beside GET /api/apps: both are answered from a sync that began after the question came, so what differs is the
// protocol's own work. One kept connection each, in turn, question by question, so that a spell of the machine meets both.
import assert from 'node:assert/strict';
import http from 'node:http';

import { now } from '../support/program.mjs';
import { atMostTimes, row } from '../support/row.mjs';
import { median, quantile } from '../support/stats.mjs';

export const needs = 'stage';

const introduction = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'benchmark', version: '1' } };
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function ask(port, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const length = body ? { 'content-length': Buffer.byteLength(body), 'content-type': 'application/json' } : {};
    const sent = http.request({ host: '127.0.0.1', port, method, path, headers: { host: `localhost:${port}`, ...length, ...headers }, agent }, async (answer) => {
      let text = '';
      for await (const piece of answer.setEncoding('utf8')) text += piece;
      resolve({ status: answer.statusCode, headers: answer.headers, text });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

export async function run(stage, { rounds, quick }) {
  const questions = quick ? 50 : 200; // of each, a round
  const accept = { accept: 'application/json, text/event-stream' };
  const say = (headers, message) => ask(stage.port, 'POST', '/mcp', { ...accept, ...headers }, JSON.stringify({ jsonrpc: '2.0', ...message }));
  const begun = await say({}, { id: 0, method: 'initialize', params: introduction });
  assert.equal(begun.status, 200, begun.text);
  const session = { 'mcp-session-id': begun.headers['mcp-session-id'], 'mcp-protocol-version': introduction.protocolVersion };
  await say(session, { method: 'notifications/initialized' });

  const timed = async (question) => {
    const from = now();
    const { status, text } = await question();
    const took = now() - from;
    assert.equal(status, 200, text);
    return { took, size: text.length };
  };
  const ours = [], peer = [];
  let sizes;
  for (let round = 0; round < rounds; round++) {
    const listed = [], read = [];
    for (let i = 1; i <= questions; i++) {
      listed.push(await timed(() => say(session, { id: round * questions + i, method: 'tools/call', params: { name: 'list_apps', arguments: {} } })));
      read.push(await timed(() => ask(stage.port, 'GET', '/api/apps', {})));
    }
    sizes = `list_apps answers ${listed[0].size} bytes, GET /api/apps ${read[0].size}`;
    ours.push(listed.map((each) => each.took));
    peer.push(read.map((each) => each.took));
  }
  await ask(stage.port, 'DELETE', '/mcp', session);
  const of = (list, measure) => list.map(measure);
  const p99 = (values) => quantile(values, 0.99);
  const common = { unit: 'ms', better: 'lower', peerName: 'GET /api/apps' };
  return [
    row({ ...common, name: 'agents-p50', what: 'list_apps over /mcp, p50', ours: of(ours, median), peer: of(peer, median), ...atMostTimes(1.5), notes: [sizes] }),
    row({ ...common, name: 'agents-p99', what: '… p99', ours: of(ours, p99), peer: of(peer, p99), goal: '', met: () => null }),
  ];
}
