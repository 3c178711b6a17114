#!/usr/bin/env node
// Makes an app whose `npm run dev` is a small server that tells of its page as Next 16 does: `node page-app.mjs DIR`. What it says
// follows from files of its folder, so that a test need not talk to it: `src/app/page.tsx` is broken where it holds <<<, and so is
// `../../shared.tsx`, if it is there; `mode` may say hang, garbage, huge, missing (no such endpoint) or thrown (an error in an open
// tab). Every question is a line in `questions`. It writes a line to its log for a page that was asked for, and when a source changes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = process.argv.at(-1);
mkdirSync(join(directory, 'src/app'), { recursive: true });
writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'page', private: true, scripts: { dev: 'node server.cjs' } }));
writeFileSync(join(directory, 'src/app/page.tsx'), 'export default function Page() {\n  return <p>well</p>;\n}\n');
writeFileSync(join(directory, 'server.cjs'), `(${server.toString()})();\n`);

function server() {
  const fs = require('node:fs');
  const http = require('node:http');
  const read = (file) => {
    try {
      return fs.readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  const issues = () =>
    [['src/app/page.tsx', 'src/app/page.tsx'], ['../../shared.tsx', 'shared.tsx']].flatMap(([file, named]) => {
      const lines = read(file).split('\n');
      const line = lines.findIndex((text) => text.includes('<<<')) + 1;
      if (line === 0) return [];
      const column = lines[line - 1].indexOf('<<<') + 1;
      const filePath = `[project]/${named}`;
      return [{ severity: 'error', filePath, title: 'Expression expected', source: { filePath, range: { start: { line, column } } }, codeFrame: `> ${line} | ${lines[line - 1]}` }];
    });
  const thrown = () => ({ configErrors: [], sessionErrors: [{ url: '/', buildError: null, runtimeErrors: [
    { type: 'runtime', errorName: 'TypeError', message: 'x is not a function', stack: [{ file: 'src/app/page.tsx', line: 2, column: 5 }] }] }] });

  function answer(mode, question, response) {
    if (mode === 'hang') return;
    if (mode === 'missing') console.log(' POST /_next/mcp 404 in 1ms'); // as Next before 16 does
    if (mode === 'missing') return response.writeHead(404, { 'content-type': 'text/html' }).end('<!doctype html>nothing here');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (mode === 'garbage') return response.end('data: {"jsonrpc":"2.0","result":\n\n\x1b[2J');
    if (mode === 'huge') {
      const block = Buffer.alloc(1 << 20, 'x');
      let left = 100;
      const more = () => {
        while (left-- > 0) if (!response.write(block)) return response.once('drain', more);
        response.end();
      };
      return more();
    }
    const told = question === 'get_compilation_issues' ? { issues: issues() }
      : mode === 'thrown' ? thrown() : { error: 'No browser sessions connected. Please open your application in a browser.' };
    const envelope = { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: JSON.stringify(told) }] } };
    response.end(`event: message\ndata: ${JSON.stringify(envelope)}\n\n`);
  }

  console.log('   ▲ Next.js 16.4.3 (small)');
  if (read('mode') === 'crash') {
    console.error("\x1b[31mError: Cannot find module './missing'\x1b[0m");
    process.exit(3);
  }
  for (const folder of ['src/app', '../..'])
    fs.watch(folder, (event, name) => name?.endsWith('.tsx') && console.log(` ✓ Compiled ${name}`));
  http
    .createServer((request, response) => {
      if (request.url !== '/_next/mcp') {
        response.end('a page');
        return console.log(` ${request.method} ${request.url} ${issues().length ? 500 : 200} in 1ms`);
      }
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        const question = JSON.parse(body).params.name;
        fs.appendFileSync('questions', `${question}\n`);
        answer(read('mode').trim(), question, response);
      });
    })
    .listen(Number(process.env.PORT), '127.0.0.1');
}
