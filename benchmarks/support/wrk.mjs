// wrk, one thread: on two cores more would take them from the server.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const script = fileURLToPath(new URL('wrk.lua', import.meta.url));

/**
 * Reads a second and their latency in ms: {rate, p50, p99, max, failed, timeouts, status}. A read may take 30 s, so that a slow server's
 * are counted and not called errors. wrk sends the next request of a connection when the answer to the last is there; its latency is
 * that of each read, from the write of the request to the end of its answer.
 */
export async function wrk(port, connections, seconds, { path = '/api/apps', host } = {}) {
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, '--latency'];
  if (host) words.push('-H', `Host: ${host}`);
  words.push(`http://127.0.0.1:${port}${path}`);
  const { stdout } = await promisify(execFile)('wrk', words);
  const figures = JSON.parse(stdout.trim().split('\n').at(-1));
  return { ...figures, rate: figures.requests / figures.seconds };
}
