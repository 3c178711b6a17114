// How many bytes of UTF-8 a text is: the server counts its files in bytes.
const encoder = new TextEncoder();
const ascii = /^[\x00-\x7f]*$/;

/** Of the characters `from` to `to` of this text. Where all is ASCII it costs nothing. */
export function byteLength(text: string): (from: number, to: number) => number {
  if (ascii.test(text)) return (from, to) => to - from;
  return (from, to) => {
    let bytes = to - from;
    for (let at = from; at < to; at++) {
      const code = text.charCodeAt(at);
      // Of a pair, each half counts two.
      if (code > 0x7f) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
    }
    return bytes;
  };
}

/** `text` without its first `bytes` bytes; whole if it cannot be cut there (a replaced invalid byte changes lengths). */
export function withoutBytes(text: string, bytes: number): string {
  const encoded = encoder.encode(text);
  const first = encoded[bytes];
  if (first === undefined) return "";
  return (first & 0xc0) === 0x80 ? text : new TextDecoder().decode(encoded.subarray(bytes));
}

/** The first `bytes` bytes of it. */
export function firstBytes(text: string, bytes: number): string {
  return new TextDecoder().decode(encoder.encode(text).subarray(0, bytes));
}
