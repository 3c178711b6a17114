// The server's connection to pm2, a program of its own: pm2 is a Node library, and AGPL-3.0.
//
//   stdin           requests   {"id", "op": "list" | "start" | "stop" | "delete", ...}
//   descriptor 3    answers    {"id", "ok": {...}} or {"id", "error": {"message", "code"}}
//                   events     {"type": "event", ...}, {"type": "wrote", "name"}
//                   first      {"type": "ready", "daemonPid", "version"} or {"type": "failed", "message"}
//   stdout, stderr  text for the log
//
// It keeps nothing that would have to be saved: it ends when the server does, or when pm2's daemon does, and is started
// again. A connection to pm2 that was lost is never mended here, as pm2.list on it would wait for ever.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from './bus.mjs';
import { ensureDaemon } from './daemon.mjs';
import { exitCode } from './exit_codes.mjs';
import { makeOperations } from './operations.mjs';
import { receive, send, sendLast } from './wire.mjs';

// The apps' environment is the one the server gave us (already clean: clean_environment in environment.cpp). What pm2
// needs here is set after that copy, and so never reaches an app.
const appEnvironment = { ...process.env };
process.env.PM2_CONCURRENT_ACTIONS = '20'; // stopping 20 apps takes 2 s with it, 12 s without
process.env.PM2_JSON_PROCESSING = 'true'; // a restart then leaves the record's options as they are
delete process.env.DEBUG; // pm2 would print records, environments included
try {
  process.chdir(os.homedir()); // pm2's daemon keeps the directory it is started in
} catch {
  process.chdir('/');
}

process.on('uncaughtException', (error) => {
  console.error(error?.stack ?? error);
  sendLast({ type: 'failed', message: `The bridge to pm2 broke: ${error?.message ?? error}` }, exitCode.bug);
});

function fail(message, code) {
  sendLast({ type: 'failed', message }, code);
  return new Promise(() => {});
}

async function load() {
  try {
    return (await import('pm2')).default;
  } catch (error) {
    const missing = error?.code === 'ERR_MODULE_NOT_FOUND';
    const cause = missing ? 'it is not installed' : error?.message;
    return fail(`The pm2 package cannot be loaded: ${cause}. Run npm ci in ${path.dirname(fileURLToPath(import.meta.url))}.`, exitCode.noPm2);
  }
}

const connect = (pm2) =>
  new Promise((resolve, reject) => {
    pm2.connect((error) => (error ? reject(error) : resolve()));
  });

const launchBus = (pm2) =>
  new Promise((resolve, reject) => {
    pm2.launchBus((error, bus, socket) => (error ? reject(error) : resolve({ bus, socket })));
  });

/** The daemon's process id, from the file that it writes at its start; null when the file is not there. */
function daemonPid(pm2) {
  try {
    const pid = Number(fs.readFileSync(pm2._conf.PM2_PID_FILE_PATH, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch {
    return null;
  }
}

const daemonVersion = (pm2) =>
  new Promise((resolve) => {
    pm2.Client.executeRemote('getVersion', {}, (error, version) => resolve(error ? null : String(version)));
  });

const lost = () => process.exit(exitCode.connectionLost);

/** pm2's sockets connect again by themselves, to a daemon that knows nothing of us: their first end is ours. */
function endWith(socket) {
  socket.on('reconnect attempt', lost).on('error', lost).on('socket error', lost).on('close', lost);
  for (const connection of socket.socks) connection.on('close', lost);
}

let operations = null;
receive(async (request) => {
  const { id, op } = request;
  try {
    if (!operations) throw new Error('pm2 is not connected yet');
    if (!Object.hasOwn(operations, op)) throw new Error(`no operation is called ${op}`);
    send({ id, ok: await operations[op](request) });
  } catch (error) {
    // pm2's errors are an Error, a text, or an array of them.
    const first = Array.isArray(error) ? error[0] : error;
    send({ id, error: { message: String(first?.message ?? first), code: first?.code ?? null } });
  }
});

// Next needs it for the apps: better one sentence here than a failure of each of them.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 9))
  await fail(
    `Node.js ${process.versions.node} (${process.execPath}) is too old: Next needs 20.9 or later. Start Berth with a newer node first in PATH.`,
    exitCode.oldNode,
  );

const pm2 = await load();
try {
  await ensureDaemon(pm2._conf, lost);
  pm2.Client.launchDaemon = (...words) => words.at(-1)(new Error('the daemon went away again')); // ensureDaemon() starts it
  await connect(pm2);
  const { bus, socket } = await launchBus(pm2);
  endWith(socket);
  endWith(pm2.Client.client_sock);
  listen(bus, send, () => process.exit(exitCode.pm2Killed));
  operations = makeOperations(pm2, appEnvironment);
  send({ type: 'ready', daemonPid: daemonPid(pm2), version: await daemonVersion(pm2) });
} catch (error) {
  await fail(`pm2's daemon cannot be reached: ${error?.message ?? error}`, exitCode.noConnection);
}
