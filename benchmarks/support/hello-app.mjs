#!/usr/bin/env node
// Makes the app of the scenario `proxy`: `node hello-app.mjs DIR`. As little as an app in Node can do for a request.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv.at(-1);
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'hello', private: true, scripts: { dev: 'node server.cjs' } }));
writeFileSync(
  join(directory, 'server.cjs'),
  `const body = Buffer.alloc(1024, 'x');
require('node:http')
  .createServer((request, response) => response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length }).end(body))
  .listen(Number(process.env.PORT), '127.0.0.1');
`,
);
