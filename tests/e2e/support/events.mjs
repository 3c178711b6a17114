// A WebSocket client of /api/events that keeps everything it was told, and holds each message against the schema.
import WebSocket from 'ws';

import { eventually } from './berth.mjs';
import { validateSchema } from './openapi.mjs';

const schemas = {
  snapshot: 'WsSnapshot',
  app: 'WsApp',
  removed: 'WsRemoved',
  event: 'WsEvent',
  operation: 'WsOperation',
  activity: 'WsActivity',
  log: 'WsLog',
  'log-reset': 'WsLogReset',
  error: 'WsError',
};

export class Events {
  /** Resolves when the first message, the snapshot, is there. options go to the WebSocket (headers, origin …). */
  static async open(berth, options = {}) {
    const events = new Events();
    events.messages = [];
    events.socket = new WebSocket(`ws://localhost:${berth.port}/api/events`, options);
    events.closed = new Promise((done) => events.socket.once('close', (code) => done(code)));
    events.socket.on('message', (data) => {
      const message = JSON.parse(data.toString());
      validateSchema(schemas[message.type], message);
      events.messages.push(message);
      events.onMessage?.(message);
    });
    await new Promise((resolve, reject) => {
      events.socket.once('error', reject);
      events.socket.once('open', resolve);
    });
    events.socket.on('error', () => {});
    await eventually('a snapshot', () => events.messages.length > 0);
    return events;
  }

  send(message) {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  of(type) {
    return this.messages.filter((m) => m.type === type);
  }

  waitFor(what, predicate, seconds) {
    return eventually(what, () => this.messages.find(predicate), seconds);
  }

  async close() {
    this.socket.terminate();
    await this.closed;
  }
}

/** Follows one stream of one app as a careful client does: keeps its offset, checks that no byte is missing or twice. */
export class Follower {
  constructor(id, stream = 'stdout') {
    Object.assign(this, { id, stream, text: '', from: undefined, resets: 0, problems: [] });
  }

  take(message) {
    if (message.id !== this.id || message.stream !== this.stream) return;
    if (message.type === 'log-reset') {
      this.resets++;
      this.from = 0;
      this.text = '';
    }
    if (message.type !== 'log') return;
    if (this.from !== undefined && message.from !== this.from)
      this.problems.push(`expected offset ${this.from}, got ${message.from}`);
    this.text += message.text;
    this.from = message.to;
  }

  request(tailBytes) {
    const other = this.stream === 'stdout' ? 'stderr' : 'stdout';
    if (this.from === undefined) return { type: 'follow', id: this.id, tailBytes };
    return { type: 'follow', id: this.id, from: { [this.stream]: this.from, [other]: 0 } };
  }
}
