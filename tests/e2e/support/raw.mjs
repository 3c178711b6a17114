// Bytes to and from a server, with nothing between that would mend them: what no HTTP client would send.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';

import { eventually } from './berth.mjs';

/** One connection. What comes is kept; the end, a reset included, is an end. */
export class Wire {
  constructor(port, { host = '127.0.0.1', read = true, ...options } = {}) {
    this.received = '';
    this.bytes = 0;
    this.sent = 0;
    this.socket = net.connect({ port, host, allowHalfOpen: true, ...options });
    this.connected = new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('error', reject);
    });
    this.connected.catch(() => {});
    this.ended = new Promise((resolve) => {
      this.socket.once('end', resolve);
      this.socket.once('close', resolve);
    });
    this.ended.then(() => (this.over = true));
    this.socket.on('error', (error) => (this.error = error));
    if (read) this.read();
  }

  read() {
    this.socket.on('data', (piece) => {
      this.bytes += piece.length;
      if (this.received.length < 1 << 22) this.received += piece.toString('latin1');
      this.onData?.(piece);
    });
    return this;
  }

  send(bytes) {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Sends as fast as the server takes it, until it has `total` bytes or the connection is gone; how many were sent. */
  async pour(piece, total) {
    while (this.sent < total && !this.over && this.socket.writable) {
      const taken = new Promise((done) => this.socket.write(piece, done)); // also when the connection breaks
      await Promise.race([taken, this.ended]);
      this.sent += piece.length;
    }
    return this.sent;
  }

  /** Resolves when what came holds `what` (a text or a pattern), or at the end; the text so far. */
  async until(what) {
    const has = () => (typeof what === 'string' ? this.received.includes(what) : what.test(this.received));
    while (!has()) {
      const more = new Promise((done) => this.socket.once('data', () => setImmediate(done)));
      if (await Promise.race([more.then(() => false), this.ended.then(() => true)])) break;
    }
    return this.received;
  }

  /** Waits until the server ends the connection; fails when it does not within a time that no deadline of it is longer than. */
  async end(what, seconds = 30) {
    let timer;
    const late = new Promise((done) => (timer = setTimeout(() => done('late'), seconds * 1000)));
    const how = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    this.close();
    assert.notEqual(how, 'late', `the connection is open after ${seconds} s: ${JSON.stringify(String(what).slice(0, 300))}; ${this.received.slice(0, 300)}`);
  }

  close() {
    this.socket.destroy();
  }
}

/** Sends the bytes, reads to the end of the connection (the request should ask for it, or be refused), and takes it apart. */
export async function exchange(port, bytes, options) {
  const wire = new Wire(port, options);
  await wire.connected;
  wire.send(bytes);
  await wire.end(bytes);
  return answers(wire.received);
}

/** The answers in the text of a connection: status, headers (lower case), body. */
export function answers(text) {
  const all = [];
  while (text.startsWith('HTTP/1.')) {
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) break;
    const [first, ...lines] = text.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]));
    const length = Number(headers['content-length'] ?? 0);
    all.push({ status: Number(first.split(' ')[1]), headers, body: text.slice(end + 4, end + 4 + length) });
    text = text.slice(end + 4 + length);
  }
  return all;
}

/** The resident memory of a process, MiB. */
export function resident(pid) {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  assert.ok(line, `process ${pid} is gone`);
  return Number(line[1]) / 1024;
}

/** The processor time a process has used so far, seconds. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Waits until each of the connections has sent something and none can send any more (or all have sent `total`). */
export async function stuck(wires, total) {
  let sent = -1;
  let same = 0;
  await eventually('the server takes no more', () => {
    const now = wires.reduce((sum, wire) => sum + wire.sent, 0);
    same = sent === now ? same + 1 : 0;
    sent = now;
    return wires.every((wire) => wire.sent > 0) && (same === 40 || wires.every((wire) => wire.sent >= total));
  }, 60);
}

/** A WebSocket of /api/events by hand: after the handshake, frames as they are given. */
export async function openSocket(port, { fields = [], ...options } = {}) {
  const wire = new Wire(port, options);
  await wire.connected;
  const lines = ['GET /api/events HTTP/1.1', `Host: localhost:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
  wire.send([...lines, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...fields, '', ''].join('\r\n'));
  if (options.read === false) return wire;
  assert.match(await wire.until('\r\n\r\n'), /^HTTP\/1\.1 101 /);
  return wire;
}

export const opcode = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

/** One frame of a client (RFC 6455, 5.2), masked with zeros unless `mask` is false; `length` may lie about the payload. */
export function frame(code, payload = '', { fin = true, mask = true, reserved = 0, length } = {}) {
  const data = Buffer.from(payload);
  const size = BigInt(length ?? data.length);
  const head = size < 126n ? Buffer.alloc(2) : size < 65536n ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = (fin ? 0x80 : 0) | (reserved << 4) | code;
  if (size < 126n) head[1] = Number(size);
  else if (size < 65536n) head.writeUInt16BE(Number(size), 2);
  else head.writeBigUInt64BE(size, 2);
  if (size >= 126n) head[1] = size < 65536n ? 126 : 127;
  if (mask) head[1] |= 0x80;
  return Buffer.concat([head, mask ? Buffer.alloc(4) : Buffer.alloc(0), data]);
}

/** The code of the close frame that the server's bytes end with, or none. */
export function closeCode(wire) {
  const bytes = Buffer.from(wire.received.slice(-4), 'latin1');
  return bytes[0] === 0x88 && bytes[1] === 2 ? bytes.readUInt16BE(2) : undefined;
}
