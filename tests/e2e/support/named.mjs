// Requests to an app by its name. Not every system resolves *.localhost, so they go to the loopback and say in Host whom they mean.
import http from 'node:http';
import { fileURLToPath } from 'node:url';

export const namedApp = `${process.execPath} ${fileURLToPath(new URL('./named-app.mjs', import.meta.url))}`;

export const hostOf = (berth, slug) => `${slug}.localhost:${berth.port}`;

/** The request, so that it can be written piece by piece, and its answer when that begins: its body still to be read. */
export function begin(berth, slug, method, path, { headers = {}, agent = false } = {}) {
  const options = { host: '127.0.0.1', port: berth.port, method, path, headers: { host: hostOf(berth, slug), ...headers }, agent };
  const request = http.request(options);
  const response = new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  response.catch(() => {});
  return { request, response };
}

export async function text(response) {
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** A whole request and its whole answer: {status, headers, trailers, body}. */
export async function ask(berth, slug, path = '/', { method = 'GET', body, ...options } = {}) {
  const { request, response } = begin(berth, slug, method, path, options);
  request.end(body);
  const answer = await response;
  const read = await text(answer);
  return { status: answer.statusCode, headers: answer.headers, trailers: answer.trailers, body: read };
}

/** rawHeaders as the app got them, names in lower case; repeated ones in a list. */
export function fields(raw) {
  const all = {};
  for (let i = 0; i < raw.length; i += 2) (all[raw[i].toLowerCase()] ??= []).push(raw[i + 1]);
  return all;
}
