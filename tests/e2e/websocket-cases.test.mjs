// /api/events as RFC 6455 and RFC 7692 want it: a table of cases, in the order of the sections of the Autobahn test suite, each over a
// socket of its own and in bytes of our own making. Berth echoes nothing: a text message that means nothing to it is answered with an
// error message, which is the sign that the message arrived whole.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import zlib from 'node:zlib';

import { Berth } from './support/berth.mjs';
import { frame, openSocket, opcode } from './support/raw.mjs';

const { more, text, binary, close, ping, pong } = opcode;
const utf8 = (...bytes) => Buffer.from(bytes);
const coded = (code, reason = '') => Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
const closing = (...payload) => frame(close, coded(...payload));
const good = closing(1000);
const limit = 64 * 1024; // of a message, bytes
const heard = ['error', 'close 1000']; // a text arrived, and the end that the client asks for then
const failed = (code) => [`close ${code}`];
const overtaken = { overtaken: true }; // the close may come before the answer to an earlier message

/** A message as RFC 7692 compresses it. */
function deflated(data, options) {
  return zlib.deflateRawSync(data, { finishFlush: zlib.constants.Z_SYNC_FLUSH, ...options }).subarray(0, -4);
}
const squeezed = (data, options = {}) => frame(text, deflated(Buffer.from(data)), { reserved: 4, ...options });

/** Cuts a text into frames of so many bytes. */
function fragments(data, size) {
  const all = Buffer.from(data);
  const frames = [];
  for (let at = 0; at < all.length; at += size)
    frames.push(frame(at ? more : text, all.subarray(at, at + size), { fin: at + size >= all.length }));
  return frames;
}

// What the client sends, and what comes back but for news. A case ends with the server's close, or with the client's.
const sections = {
  'framing': [
    ...[0, 1, 125, 126, 127, 128, 65_535].map((n) => [`a text of ${n} bytes`, [frame(text, 'x'.repeat(n)), good], heard]),
    ['a text byte by byte', [frame(text, 'x'.repeat(200)), good], heard, { piece: 1 }],
    ['two texts in one piece', [frame(text, 'a'), frame(text, 'b'), good], ['error', ...heard]],
    ...[0, 1, 1000].map((n) => [`${n} bytes of binary`, [frame(binary, 'x'.repeat(n)), good], failed(1003)]),
    ['no mask', [frame(text, 'x', { mask: false })], failed(1002)],
    ['a length of two bytes that needs one', [Buffer.from([0x81, 0xfe, 0, 5, 0, 0, 0, 0]), 'hello'], failed(1002)],
    ['a length of eight bytes that needs two', [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]), 'x'.repeat(256)], failed(1002)],
    ['a length with its highest bit set', [Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])], failed(1009)],
  ],
  'pings and pongs': [
    ['without payload', [frame(ping), good], ['pong ', 'close 1000']],
    ['with a text', [frame(ping, 'hello'), good], ['pong hello', 'close 1000']],
    ['with bytes that are no text', [frame(ping, utf8(0, 255, 254, 13)), good], ['pong \0\xff\xfe\r', 'close 1000']],
    ['with 125 bytes', [frame(ping, 'x'.repeat(125)), good], [`pong ${'x'.repeat(125)}`, 'close 1000']],
    ['with 126 bytes', [frame(ping, 'x'.repeat(126))], failed(1002)],
    ['a pong that nobody asked for', [frame(pong, 'x'), frame(text, 'x'), good], heard],
    ['ten, in order', [...Array.from({ length: 10 }, (_, i) => frame(ping, String(i))), good], [...Array.from({ length: 10 }, (_, i) => `pong ${i}`), 'close 1000']],
    ['byte by byte', [frame(ping, 'hello'), good], ['pong hello', 'close 1000'], { piece: 1 }],
  ],
  'reserved bits': [1, 2, 3, 4, 5, 6, 7].flatMap((reserved) => [
    [`${reserved} in a text`, [frame(text, 'x', { reserved })], failed(1002)],
    [`${reserved} in a ping`, [frame(ping, 'x', { reserved })], failed(1002)],
    [`${reserved} in a close`, [frame(close, coded(1000), { reserved })], failed(1002)],
  ]),
  'opcodes': [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((code) => [
    [`${code}`, [frame(code, 'x')], failed(1002)],
    [`${code} behind a text`, [frame(text, 'x'), frame(code)], failed(1002), overtaken],
  ]),
  'fragmentation': [
    ['two frames', [frame(text, 'a', { fin: false }), frame(more, 'b'), good], heard],
    ['frames of one byte', [...fragments('x'.repeat(300), 1), good], heard],
    ['empty frames', [frame(text, '', { fin: false }), frame(more, '', { fin: false }), frame(more, ''), good], heard],
    ['a ping between', [frame(text, 'a', { fin: false }), frame(ping, 'p'), frame(more, 'b'), good], ['pong p', ...heard]],
    ['a ping in two frames', [frame(ping, 'a', { fin: false }), frame(more, 'b')], failed(1002)],
    ['a pong in two frames', [frame(pong, 'a', { fin: false })], failed(1002)],
    ['a close in two frames', [frame(close, coded(1000), { fin: false })], failed(1002)],
    ['a continuation of nothing', [frame(more, 'x')], failed(1002)],
    ['a continuation of nothing, to be continued', [frame(more, 'x', { fin: false })], failed(1002)],
    ['a continuation behind the end', [frame(text, 'a', { fin: false }), frame(more, 'b'), frame(more, 'c')], failed(1002), overtaken],
    ['a text within a text', [frame(text, 'a', { fin: false }), frame(text, 'b')], failed(1002)],
    ['a close within a text', [frame(text, 'a', { fin: false }), good], ['close 1000']],
    ['binary in two frames', [frame(binary, 'a', { fin: false }), frame(more, 'b'), good], failed(1003)],
  ],
  'UTF-8': [
    ...['κόσμε', '\u0000', '\u007f', '\u0080', '\u07ff', '\u0800', '\uffff', '\ufffe', '\u{10000}', '\u{10ffff}', '\ud7ff\ue000', 'Hello-µ@ßöäüàá-UTF-8!!'].map((s) => [
      `valid: ${JSON.stringify(s)}`, [frame(text, s), good], heard,
    ]),
    ['valid, each byte a frame', [...fragments('κόσμε \u{1f600}', 1), good], heard],
    ...[
      [0xff], [0xfe], [0x80], [0xbf], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf],
      [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80],
      [0xc3], [0xe2, 0x9c], [0xf0, 0x9f, 0x98], [0xe2, 0x28, 0xa1], [0x61, 0xce, 0xba, 0xed, 0xa0, 0x80, 0x62],
    ].map((bytes) => [`invalid: ${bytes.map((b) => b.toString(16)).join(' ')}`, [frame(text, utf8(...bytes))], failed(1007)]),
    ['invalid over two frames', [frame(text, utf8(0xe2), { fin: false }), frame(more, utf8(0x28, 0xa1))], failed(1007)],
    ['invalid at once, though the message goes on', [frame(text, utf8(0xff), { fin: false })], failed(1007)],
  ],
  'closing': [
    ['without a code', [frame(close)], ['close 1000']],
    ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999].map((code) => [`${code}`, [closing(code)], [`close ${code}`]]),
    ['1000 with a reason', [closing(1000, 'enough')], ['close 1000']],
    ['1000 with a reason of 123 bytes', [closing(1000, 'x'.repeat(123))], ['close 1000']],
    ['1000 with a reason of 124 bytes', [closing(1000, 'x'.repeat(124))], failed(1002)],
    ['a payload of one byte', [frame(close, 'x')], failed(1002)],
    ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999].map((code) => [`${code}, which nobody may send`, [closing(code)], failed(1002)]),
    ['a reason that is no UTF-8', [frame(close, Buffer.concat([coded(1000), utf8(0xff, 0xfe)]))], failed(1002)],
    ['what comes behind a close is not looked at', [good, frame(ping, 'late'), frame(text, 'late'), good], ['close 1000']],
    ['byte by byte', [closing(1000, 'enough')], ['close 1000'], { piece: 1 }],
  ],
  'limits': [
    ['64 KiB', [frame(text, 'x'.repeat(limit)), good], heard],
    ['64 KiB in frames of 1,000 bytes', [...fragments('x'.repeat(limit), 1000), good], heard],
    ['a byte more', [frame(text, 'x'.repeat(limit + 1))], failed(1009)],
    ['a byte more, in two frames', fragments('x'.repeat(limit + 1), limit), failed(1009)],
    ['a terabyte, as it says', [frame(text, 'x', { length: 2 ** 40 })], failed(1009)],
  ],
  'compression': [
    ['a text', [squeezed('x'.repeat(1000)), good], heard, { deflate: true }],
    ['an empty text', [squeezed(''), good], heard, { deflate: true }],
    ['a text that is not compressed', [frame(text, 'x'), good], heard, { deflate: true }],
    ['stored blocks', [frame(text, deflated(Buffer.from('x'.repeat(1000)), { level: 0 }), { reserved: 4 }), good], heard, { deflate: true }],
    ['a text in two frames', [frame(text, deflated(Buffer.from('hello')).subarray(0, 3), { reserved: 4, fin: false }), frame(more, deflated(Buffer.from('hello')).subarray(3)), good], heard, { deflate: true }],
    ['byte by byte', [squeezed('x'.repeat(1000)), good], heard, { deflate: true, piece: 1 }],
    ['64 KiB', [squeezed('x'.repeat(limit)), good], heard, { deflate: true }],
    ['a byte more, 80 bytes on the wire', [squeezed('x'.repeat(limit + 1))], failed(1009), { deflate: true }],
    ['100 MB, 100 KB on the wire', [frame(text, deflated(Buffer.alloc(100 << 20)), { reserved: 4 })], failed(1009), { deflate: true }],
    ['no UTF-8 inside', [frame(text, deflated(utf8(0x61, 0xff)), { reserved: 4 })], failed(1007), { deflate: true }],
    ['no deflate at all', [frame(text, utf8(0xff, 0xff, 0xff, 0xff), { reserved: 4 })], failed(1007), { deflate: true }],
    ['a distance beyond the start', [frame(text, utf8(0x4b, 0x04, 0xe2, 0x00), { reserved: 4 })], failed(1007), { deflate: true }],
    ['no deflate in the second message', [squeezed('x'), frame(text, utf8(0x06, 0x06), { reserved: 4 })], failed(1007), { deflate: true, ...overtaken }],
    ['the bit on a continuation', [frame(text, 'a', { fin: false }), frame(more, 'b', { reserved: 4 })], failed(1002), { deflate: true }],
    ['the bit on a ping', [frame(ping, 'x', { reserved: 4 })], failed(1002), { deflate: true }],
    ['the bit without an agreement', [squeezed('x')], failed(1002)],
    ['another bit', [frame(text, 'x', { reserved: 2 })], failed(1002), { deflate: true }],
  ],
};

// What is offered, and what is agreed to: none for no extension.
const offers = [
  ['', undefined],
  ['x-webkit-deflate-frame', undefined],
  ['permessage-deflate', /^permessage-deflate(;|$)/],
  ['permessage-deflate; client_max_window_bits', /^permessage-deflate(;|$)/],
  ['permessage-deflate; server_no_context_takeover', /server_no_context_takeover/],
  ['permessage-deflate; client_no_context_takeover', /client_no_context_takeover/],
  ['permessage-deflate; server_max_window_bits=9', /server_max_window_bits=9\b/],
  ['permessage-deflate; server_max_window_bits=15', /server_max_window_bits=(9|1[0-5])\b/],
  ['permessage-deflate; client_max_window_bits=8', /client_max_window_bits=8\b/],
  // zlib has no window of 2^8: RFC 7692, 7.1.2.1.
  ['permessage-deflate; server_max_window_bits=8', undefined],
  ['permessage-deflate; server_max_window_bits="8"; client_max_window_bits', undefined],
  ['permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=10', /server_max_window_bits=10\b/],
  ['permessage-deflate; server_max_window_bits=7', undefined],
  ['permessage-deflate; server_max_window_bits=16', undefined],
  ['permessage-deflate; server_max_window_bits', undefined],
  ['permessage-deflate; client_max_window_bits=7', undefined],
  ['permessage-deflate; server_no_context_takeover=1', undefined],
  ['permessage-deflate; server_no_context_takeover; server_no_context_takeover', undefined],
  ['permessage-deflate; unknown', undefined],
];

/** The server's frames behind the handshake; none may be masked, reserved or longer than it need be. */
function framesOf(received) {
  const bytes = Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1');
  const frames = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const [first, second] = [bytes[at], bytes[at + 1]];
    assert.equal(second & 0x80, 0, 'a server masks nothing');
    let length = second & 0x7f;
    at += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at);
      at += 2;
      assert.ok(length > 125);
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at));
      at += 8;
      assert.ok(length > 65_535);
    }
    if (at + length > bytes.length) break;
    frames.push({ fin: (first & 0x80) !== 0, reserved: (first >> 4) & 7, code: first & 15, payload: bytes.subarray(at, at + length) });
    at += length;
  }
  return frames;
}

/** What came, in words: `pong <payload>`, `close <code>`, and the type of each message. */
function outcome(received) {
  const words = [];
  let message;
  for (const { fin, reserved, code, payload } of framesOf(received)) {
    if (code === pong) words.push(`pong ${payload.toString('latin1')}`);
    else if (code === close) words.push(`close ${payload.length ? payload.readUInt16BE(0) : ''}`);
    else if (code !== ping) {
      assert.ok(code === text || (code === more && message), `opcode ${code}`);
      message = { pieces: [...(message?.pieces ?? []), payload], squeezed: message?.squeezed ?? reserved === 4 };
      if (!fin) continue;
      let whole = Buffer.concat(message.pieces);
      if (message.squeezed) whole = zlib.inflateRawSync(Buffer.concat([whole, Buffer.from([0, 0, 255, 255])]), { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      words.push(JSON.parse(whole.toString('utf8')).type);
      message = undefined;
    }
  }
  return words.filter((word) => !['snapshot', 'app', 'removed', 'operation', 'event'].includes(word));
}

describe('WebSocket', { timeout: 240_000 }, () => {
  let berth;
  before(async () => (berth = await Berth.start()));
  after(() => berth.close());

  for (const [section, cases] of Object.entries(sections))
    describe(section, () => {
      for (const [name, sent, expected, { deflate, piece, overtaken } = {}] of cases)
        test(name, async () => {
          const fields = deflate ? ['Sec-WebSocket-Extensions: permessage-deflate'] : [];
          const wire = await openSocket(berth.port, { fields });
          wire.socket.setNoDelay(true);
          const bytes = Buffer.concat(sent.map((part) => Buffer.from(part)));
          for (let at = 0; at < bytes.length; at += piece ?? bytes.length) {
            wire.send(bytes.subarray(at, at + (piece ?? bytes.length)));
            if (piece) await new Promise(setImmediate);
          }
          await wire.end(name);
          const came = outcome(wire.received);
          assert.deepEqual(overtaken ? came.filter((word) => word !== 'error') : came, expected);
        });
    });

  describe('offers of permessage-deflate', () => {
    for (const [offered, agreed] of offers)
      test(`${offered || 'none'}: ${agreed ? 'agreed' : 'declined'}`, async () => {
        const wire = await openSocket(berth.port, { fields: offered ? [`Sec-WebSocket-Extensions: ${offered}`] : [] });
        const answer = /^Sec-WebSocket-Extensions: (.*)\r$/im.exec(wire.received.split('\r\n\r\n')[0] + '\r')?.[1];
        if (agreed) assert.match(answer ?? '', agreed);
        else assert.equal(answer, undefined);
        wire.send(frame(text, 'x')).send(good);
        await wire.end(offered);
        assert.deepEqual(outcome(wire.received), heard);
      });

    test('in two lines of the header', async () => {
      const line = 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=';
      const wire = await openSocket(berth.port, { fields: [`${line}8`, `${line}11`] });
      assert.match(wire.received, /^Sec-WebSocket-Extensions: .*server_max_window_bits=1[01]\b/im);
      wire.close();
    });
  });

  test('and after all that it serves', async () => {
    assert.equal((await berth.get('/api/health')).status, 200);
    assert.equal(berth.child.exitCode, null);
  });
});
