// The baseline's GET /api/apps over HTTP: `node server.mjs ROOT PORT`. What the document calls a server action, without a framework:
// Next would only add to its time.
import http from 'node:http';

import { Orchestrator } from './orchestrator.mjs';

const [root, port] = process.argv.slice(2);
const orchestrator = new Orchestrator(root);

const server = http.createServer(async (request, response) => {
  if (request.url !== '/api/apps') {
    response.writeHead(404).end();
    return;
  }
  try {
    const body = Buffer.from(JSON.stringify(await orchestrator.listApps()));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
server.keepAliveTimeout = 60_000;
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4096 });
