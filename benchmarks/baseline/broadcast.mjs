// The fan-out's peer: a Node server with the well-kept `ws` package and its defaults, that sends what is POSTed to it to every client.
// `node broadcast.mjs PORT`
import http from 'node:http';

import { WebSocketServer } from 'ws';

const server = http.createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const text = Buffer.concat(pieces);
    for (const client of sockets.clients) client.send(text, { binary: false });
    response.end('sent');
  });
});
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => socket.send('{"type":"snapshot"}'));
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 4096 });
