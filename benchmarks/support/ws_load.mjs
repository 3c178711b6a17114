// Drives benchmarks/load/ws_load.cpp.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';

import { built } from './stage.mjs';

export class WsLoad {
  /** Resolves when every client has had its first message. */
  static async connect(port, where, count) {
    const load = new WsLoad();
    load.child = spawn(path.join(built, 'ws_load'), [String(port), where, String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
    load.lines = readline.createInterface({ input: load.child.stdout })[Symbol.asyncIterator]();
    await load.next();
    return load;
  }

  async next() {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('ws_load ended');
    return JSON.parse(value);
  }

  /**
   * Calls `cause` once all clients watch, and resolves to when they had a message that contains every one of the texts: {first,
   * median, last}, ms of CLOCK_MONOTONIC.
   */
  async received(texts, cause) {
    this.child.stdin.write(texts.join('\t') + '\n');
    await this.next();
    const caused = cause();
    const times = await this.next();
    await caused;
    return Object.fromEntries(Object.entries(times).map(([name, ns]) => [name, ns / 1e6]));
  }

  async close() {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.stdin.end();
    await ended;
  }
}
