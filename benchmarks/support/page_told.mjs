// How soon a client knows that a save has broken a page, or mended it: the real Next, the page open in a real browser, a client on
// the WebSocket.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import WebSocket from 'ws';

import { launch } from '../../tests/e2e/support/browser.mjs';
import { now, pause, until } from './program.mjs';
import { under, row } from './row.mjs';

const most = 60_000; // ms until a save must be told of

/** A dashboard's socket, and what it last told of an app's page. */
async function listen(port, id) {
  const socket = new WebSocket(`ws://localhost:${port}/api/events`);
  let heard = () => {};
  let state = null;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    const told = message.type === 'snapshot' ? message.apps : message.type === 'app' ? [message.app] : [];
    for (const app of told) if (app.id === id) state = app.page?.state ?? null;
    heard();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  /** Resolves to the moment when the page was told to be so. */
  const becomes = (wanted) =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the page was not ${wanted} within ${most} ms: it is ${state}`)), most);
      heard = () => {
        if (state !== wanted) return;
        clearTimeout(late);
        resolve(now());
      };
      heard();
    });
  return { becomes, close: () => socket.terminate() };
}

/** The rows; makes one app and leaves it. */
export async function pageTold(stage, rounds) {
  const { id, port } = await stage.api('POST', '/api/apps', { name: 'edited' });
  await until('the app is online', async () => (await stage.apps()).some((app) => app.id === id && app.status === 'online'));
  const browser = await launch();
  const client = await listen(stage.port, id);
  const broken = [];
  const mended = [];
  try {
    const tab = await browser.newPage();
    await tab.goto(`http://localhost:${port}/`, { timeout: 120_000 });
    await client.becomes('working');
    const file = path.join(stage.root, 'created-apps', id, 'src/app/page.tsx');
    const works = readFileSync(file, 'utf8');
    /** How long after the save, which comes at any moment between two looks. */
    const save = async (text, state, times) => {
      await pause(2000 + 1000 * Math.random());
      const saved = now();
      writeFileSync(file, text);
      times.push((await client.becomes(state)) - saved);
    };
    for (let i = 0; i < 2 * rounds; i++) {
      await save(works.replace('return (', 'return (<'), 'broken', broken);
      await save(works, 'working', mended);
    }
  } finally {
    client.close();
    await browser.close();
  }
  const common = { unit: 'ms', better: 'lower', ...under(1500, 'ms') };
  return [
    row({ ...common, name: 'page-broken', what: 'a save breaks an open Next page, until a client reads it', ours: broken }),
    row({ ...common, name: 'page-mended', what: '… mended, until a client reads that', ours: mended }),
  ];
}
