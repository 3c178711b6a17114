// The two ends of the wire: requests come as lines on stdin, answers and events leave as lines on descriptor 3.
import net from 'node:net';
import { exitCode } from './exit_codes.mjs';

const backlogLimit = 16 * 1024 * 1024; // bytes; a server that reads is never this far behind
const requestLimit = 1024 * 1024; // characters in one request line

const channel = new net.Socket({ fd: 3, readable: false, writable: true });
channel.on('error', () => process.exit(exitCode.serverGone));

export function send(message) {
  channel.write(JSON.stringify(message) + '\n');
  if (channel.writableLength > backlogLimit) process.exit(exitCode.backlog);
}

/** Ends the bridge once the message has left. */
export function sendLast(message, code) {
  channel.end(JSON.stringify(message) + '\n', () => process.exit(code));
  setTimeout(() => process.exit(code), 1000); // the server does not read: no reason to stay
}

/** Calls back with each request, until stdin closes: then nobody is left to work for. */
export function receive(onRequest) {
  let pending = '';
  const end = () => process.exit(exitCode.asked);
  process.stdin.setEncoding('utf8');
  process.stdin.on('end', end).on('close', end).on('error', end);
  process.stdin.on('data', (chunk) => {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop();
    if (pending.length > requestLimit) pending = '';
    for (const line of lines) {
      let request;
      try {
        request = JSON.parse(line);
      } catch {
        console.error('bridge: a request that is not JSON was dropped');
        continue;
      }
      onRequest(request);
    }
  });
}
