#!/usr/bin/env node
// Makes an app for the proxy: `node named-app.mjs DIR`. It tells what it got, and answers in every way that HTTP has: event streams,
// WebSockets, endless bodies, trailers, answers before the answer. A file `late` beside it keeps it from listening.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const directory = process.argv.at(-1);
const ws = fileURLToPath(new URL('../node_modules/ws', import.meta.url));
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'named', private: true, scripts: { dev: 'node server.cjs' } }));
writeFileSync(join(directory, 'server.cjs'), `(${server.toString()})(${JSON.stringify(ws)});\n`);

function server(ws) {
  const http = require('node:http');
  const { WebSocketServer } = require(ws);
  const waiting = []; // event streams that are open

  /** `bytes` of them, as fast as they are taken. */
  function pour(response, bytes) {
    const block = Buffer.alloc(1 << 16, 'x');
    let left = bytes;
    const go = () => {
      while (left > 0) {
        const n = Math.min(left, block.length);
        left -= n;
        if (!response.write(n === block.length ? block : block.subarray(0, n))) return response.once('drain', go);
      }
      response.end();
    };
    go();
  }

  const told = (request, body) => JSON.stringify({ method: request.method, url: request.url, headers: request.rawHeaders, bytes: body.length, body: body.toString('latin1').slice(0, 1000), trailers: request.rawTrailers });

  function whole(request, then) {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => then(Buffer.concat(pieces)));
  }

  const answers = {
    '/': (request, response) => whole(request, (body) => response.end(told(request, body))),
    '/pid': (request, response) => response.end(String(process.pid)),
    '/cookie': (request, response) => response.writeHead(200, { 'set-cookie': 'who=me; Path=/', 'content-type': 'text/html' }).end('<title>cookie</title>'),
    '/events': (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      waiting.push(response);
      response.on('close', () => waiting.splice(waiting.indexOf(response), 1));
    },
    '/say': (request, response, url) => {
      for (const each of waiting) each.write(`data: ${url.searchParams.get('text')}\n\n`);
      response.end(String(waiting.length));
    },
    '/open': (request, response) => response.end(String(waiting.length)),
    '/down': (request, response, url) => {
      const bytes = Number(url.searchParams.get('bytes'));
      if (url.searchParams.has('length')) response.setHeader('content-length', bytes);
      pour(response, bytes);
    },
    '/up': (request, response) => {
      let bytes = 0;
      request.on('data', (piece) => (bytes += piece.length));
      request.on('end', () => response.end(String(bytes)));
    },
    '/back': (request, response) => request.pipe(response), // both ways at once
    '/trailers': (request, response) =>
      whole(request, (body) => {
        response.writeHead(200, { trailer: 'x-sum' });
        response.write(told(request, body));
        response.addTrailers({ 'x-sum': String(body.length) });
        response.end();
      }),
    '/hints': (request, response) => response.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => response.end('hinted')),
    '/refuse': (request, response) => response.writeHead(413, { connection: 'close' }).end('too much'),
    '/redirect': (request, response) => response.writeHead(307, { location: '/pid' }).end(),
    '/exit': (request, response) => response.end('bye', () => process.exit(1)),
    '/hang': () => {},
    '/break': (request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => request.socket.destroy());
    },
  };

  function answer(request, response) {
    const url = new URL(request.url, 'http://localhost');
    const found = answers[url.pathname];
    if (found) found(request, response, url);
    else response.writeHead(404).end('not here');
  }
  const http1 = http.createServer(answer);
  http1.on('checkContinue', (request, response) => {
    if (request.url !== '/refuse') response.writeContinue();
    answer(request, response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  http1.on('upgrade', (request, socket, head) => {
    if (request.url !== '/socket') return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.send(JSON.stringify(request.rawHeaders));
      client.on('message', (data, binary) => client.send(data, { binary }));
    });
  });
  const listen = () => (require('node:fs').existsSync('late') ? setTimeout(listen, 50) : http1.listen(Number(process.env.PORT), 'localhost'));
  listen();
}
