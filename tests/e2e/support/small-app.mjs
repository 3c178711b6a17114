#!/usr/bin/env node
// Stands in for create-next-app: `node small-app.mjs DIR` makes an app whose `npm run dev` is a small Node server. Its tree has
// the shape of a Next app's: npm, a shell, a parent that starts the server proper as its child ("next-server").
//
// What it should do is told through its own HTTP port, or by BERTH_SMALL_APP in the environment of the scaffold:
//   fail     print 30 lines and exit 1        hang     print a line and wait to be ended
//   slow     wait until the file RELEASE exists beside the app's folder, then go on
//   fill     write until the disk is full, as npm install may; unless the file ROOM exists beside the app's folder
import { appendFileSync, mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { join, dirname } from 'node:path';

const directory = process.argv.at(-1);
const mode = process.env.BERTH_SMALL_APP ?? '';

console.log(`Creating a small app in ${directory}`);
if (mode === 'fail') {
  mkdirSync(directory, { recursive: true });
  for (let i = 1; i <= 30; i++) console.error(`problem ${i}`);
  process.exit(1);
}
if (mode === 'hang') {
  mkdirSync(directory, { recursive: true });
  console.log('hanging');
  setInterval(() => {}, 1000);
} else {
  if (mode === 'slow') {
    const release = join(dirname(directory), 'RELEASE');
    while (!existsSync(release)) await new Promise((done) => setTimeout(done, 20));
  }
  if (mode === 'fill' && !existsSync(join(dirname(directory), 'ROOM'))) {
    mkdirSync(directory, { recursive: true });
    try {
      for (;;) appendFileSync(join(directory, 'cache'), Buffer.alloc(1 << 16, 1));
    } catch (error) {
      console.error(`npm error ${error.message}`);
      process.exit(228);
    }
  }
  make();
}

function make() {
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'small', private: true, scripts: { dev: 'node parent.cjs' } }, null, 2),
  );
  writeFileSync(
    join(directory, 'parent.cjs'),
    `// Ends as its child ends, like \`next dev\`.
const child = require('node:child_process').spawn(process.execPath, ['server.cjs'], { stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 0));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
`,
  );
  writeFileSync(join(directory, 'server.cjs'), `(${server.toString()})();\n`);
  console.log('Success! Created a small app');
}

function server() {
  const http = require('node:http');
  process.title = 'small-server';
  console.log('starting on', process.env.PORT);
  const answers = {
    '/': () => 'hello from ' + process.env.PORT,
    '/pid': () => String(process.pid),
    '/env': () => JSON.stringify(process.env),
    '/exit': (url) => {
      setImmediate(() => process.exit(Number(url.searchParams.get('code') ?? 1)));
      return 'bye';
    },
    '/log': (url) => {
      const count = Number(url.searchParams.get('lines') ?? 1);
      const text = url.searchParams.get('text') ?? 'line';
      const stream = url.searchParams.get('stream') === 'stderr' ? process.stderr : process.stdout;
      if (url.searchParams.has('each')) {
        for (let i = 0; i < count; i++) stream.write(text + ' ' + i + '\n');
        return 'written';
      }
      let block = '';
      for (let i = 0; i < count; i++) block += text + ' ' + i + '\n';
      stream.write(block);
      return 'written';
    },
    '/raw': (url) => {
      process.stdout.write(Buffer.from(url.searchParams.get('hex'), 'hex'));
      return 'written';
    },
    '/flood': (url) => {
      const block = Buffer.alloc(1 << 20, url.searchParams.get('text') ?? 'x'); // no line end
      for (let mb = Number(url.searchParams.get('mb')); mb > 0; mb--) process.stdout.write(block);
      return 'written';
    },
    '/editor': () => {
      // As "open in editor" does: a program in a session of its own, with the folder and the environment of the app.
      const words = ['-e', 'setInterval(() => {}, 1000)'];
      const editor = require('node:child_process').spawn(process.execPath, words, { detached: true, stdio: 'ignore' });
      editor.unref();
      return String(editor.pid);
    },
    '/stubborn': () => {
      process.on('SIGINT', () => {});
      process.on('SIGTERM', () => {});
      return 'I will not go';
    },
    '/eat': (url) => {
      globalThis.eaten = Buffer.alloc(Number(url.searchParams.get('mb')) << 20, 1);
      return 'eaten';
    },
  };
  const listen = () =>
    http
      .createServer((request, response) => {
        const url = new URL(request.url, 'http://localhost');
        const answer = answers[url.pathname];
        response.statusCode = answer ? 200 : 404;
        response.end(answer ? answer(url) : 'not here');
      })
      .on('error', (error) => {
        console.error('Failed to start server:', error.message);
        process.exit(1);
      })
      .listen(Number(process.env.PORT));
  if (process.env.CATEGORY === 'late')
    setTimeout(listen, 1500); // binds its port long after pm2 says online
  else listen();
}
