// Starts the real berth with a root, a PM2_HOME and ports of its own, and takes everything away again.
import { spawn, execFile } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { validate } from './openapi.mjs';
import { freePorts } from './ports.mjs';
import { isAlive, withEnvironment } from './processes.mjs';

export { freePorts };

const source = fileURLToPath(new URL('../../..', import.meta.url));
export const program = process.env.BERTH_PROGRAM ?? path.join(source, 'build/dev/berth');
export const smallApp = `${process.execPath} ${path.join(source, 'tests/e2e/support/small-app.mjs')}`;
const pm2Command = path.join(source, 'src/pm2/bridge/node_modules/pm2/bin/pm2');

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until `probe` gives something truthy, and returns it; fails with the last value after `seconds`. */
export async function eventually(what, probe, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    last = await probe();
    if (last) return last;
    if (Date.now() > end) assert.fail(`not within ${seconds} s: ${what}`);
    await pause(25);
  }
}

export class Berth {
  /** options: scaffold, maxRunning, flags (more for serve), environment, manifest (text to begin with), through (a command that runs the program), rootName,
   *  prepare (called with the root before anything lies in it) */
  static async start(options = {}) {
    const berth = new Berth();
    berth.options = options;
    berth.home = mkdtempSync(path.join(os.tmpdir(), 'berth-'));
    berth.root = path.join(berth.home, options.rootName ?? 'root');
    berth.pm2Home = path.join(berth.home, 'pm2');
    mkdirSync(berth.root);
    options.prepare?.(berth.root);
    const first = await freePorts(25);
    berth.port = first;
    berth.portRange = [first + 1, first + 24];
    berth.manifestFile = path.join(berth.root, 'manifest.json');
    writeFileSync(
      berth.manifestFile,
      options.manifest ?? JSON.stringify({ version: '1.0.0', portRange: berth.portRange, apps: {} }),
    );
    await berth.serve();
    return berth;
  }

  /** The environment of the server and of whoever asks the same pm2. */
  get environment() {
    return { ...process.env, PM2_HOME: this.pm2Home, ...this.options.environment };
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  /** Starts (or starts again) the server on the same root and waits until it answers. */
  async serve() {
    this.launch();
    let exited = false;
    this.ended.then(() => (exited = true));
    await eventually(`berth answers\n${this.log}`, async () => {
      assert.ok(!exited, `berth ended at its start:\n${this.log}`);
      return this.answers();
    });
  }

  /** Starts the server and does not wait for it. */
  launch() {
    const flags = ['serve', '--root', this.root, '--port', String(this.port), '--log-level', 'debug'];
    flags.push('--scaffold', this.options.scaffold ?? smallApp);
    if (this.options.scaffold === null) flags.splice(-2);
    if (this.options.maxRunning) flags.push('--max-running', String(this.options.maxRunning));
    flags.push(...(this.options.flags ?? []));
    const [command, ...words] = [...(this.options.through ?? []), program, ...flags];
    this.log ??= '';
    this.child = spawn(command, words, { env: this.environment, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout.on('data', (text) => (this.log += text));
    this.child.stderr.on('data', (text) => (this.log += text));
    this.ended = new Promise((done) => this.child.once('exit', (code, signal) => done({ code, signal })));
  }

  answers() {
    return fetch(`${this.url}/api/health`).then(
      (r) => r.arrayBuffer().then(() => true),
      () => false,
    );
  }

  async kill(signal = 'SIGKILL') {
    this.child.kill(signal);
    return this.ended;
  }

  async call(method, where, body, headers = {}) {
    const response = await fetch(this.url + where, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const type = response.headers.get('content-type') ?? '';
    const text = await response.text();
    const value = /json/.test(type) && text ? JSON.parse(text) : undefined;
    if (where.startsWith('/api/') && method !== 'HEAD' && !(value?.code === 'not_found'))
      validate(method, where, response.status, type, value);
    return { status: response.status, headers: response.headers, body: value ?? text };
  }
  get = (where, headers) => this.call('GET', where, undefined, headers);
  post = (where, body, headers) => this.call('POST', where, body, headers);
  patch = (where, body) => this.call('PATCH', where, body);
  delete = (where) => this.call('DELETE', where);

  /** A request as raw as http.request lets it be: for Host, Origin and the like. */
  raw(method, where, headers = {}, body) {
    return new Promise((resolve, reject) => {
      const request = http.request(
        { host: '127.0.0.1', port: this.port, method, path: where, headers: { host: `localhost:${this.port}`, ...headers }, agent: false },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece) => (text += piece));
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  }

  async create(name, category) {
    const made = await this.post('/api/apps', { ...(name && { name }), ...(category && { category }) });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  }

  async app(id) {
    const { status, body } = await this.get(`/api/apps/${id}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Waits until the app has the status, and returns it. */
  async reaches(id, status, seconds = 20) {
    let last;
    return eventually(
      `${id} is ${status}`,
      async () => {
        last = await this.app(id);
        return last.status === status && last.operation === null && last;
      },
      seconds,
    ).catch((error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(last)}\n${this.log.slice(-3000)}`);
    });
  }

  async online(name, category) {
    const app = await this.create(name, category);
    return this.reaches(app.id, 'online');
  }

  ask(app, what) {
    return fetch(`http://localhost:${app.port}${what}`).then((r) => r.text());
  }

  directory(app) {
    return path.resolve(this.root, app.directory ?? path.join('created-apps', app.id));
  }

  manifest() {
    return JSON.parse(readFileSync(this.manifestFile, 'utf8'));
  }

  /** The pm2 command, on this server's PM2_HOME: what a user would type. */
  async pm2(...words) {
    const { stdout } = await promisify(execFile)(process.execPath, [pm2Command, ...words], {
      env: this.environment,
      maxBuffer: 64 << 20,
      timeout: 30_000, // with a daemon that has just died it waits for ever
    });
    return stdout;
  }

  /** pm2's own table. Its first command in a PM2_HOME greets before it. */
  async rows() {
    return JSON.parse((await this.pm2('jlist')).trim().split('\n').at(-1));
  }

  get daemonPid() {
    return Number(readFileSync(path.join(this.pm2Home, 'pm2.pid'), 'utf8'));
  }

  /** The folders of the apps that are to run, as the manifest says; none when it cannot be read. */
  appsToRun() {
    try {
      return Object.values(this.manifest().apps).filter((app) => app.intent === 'run').map((app) => this.directory(app));
    } catch {
      return [];
    }
  }

  /** Ends the server and pm2, and fails when a process of theirs is left. */
  async close() {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
    const mine = () => withEnvironment(`PM2_HOME=${this.pm2Home}`);
    // `pm2 kill` does not see a daemon that is on its way: it would start a second one.
    const starting = () => mine().some((p) => /bridge\/(bridge|launch)\.mjs/.test(p.command));
    await eventually('no daemon is being started', () => !starting(), 10).catch(() => {});
    await this.pm2('kill').catch(() => {});
    const left = await eventually('all processes end', () => mine().length === 0, 10).then(
      () => [],
      () => mine(),
    );
    for (const p of left) if (isAlive(p.pid)) process.kill(p.pid, 'SIGKILL');
    // `pm2 kill` misses what an app forks meanwhile: an app that was to run may leave that, nobody else anything.
    const runs = this.appsToRun();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
    assert.deepEqual(left.filter((p) => !runs.includes(p.cwd)), [], 'processes were left behind');
  }
}

/** A Berth for the length of `body`. */
export async function using(options, body) {
  const berth = await Berth.start(options);
  try {
    await body(berth);
  } finally {
    await berth.close();
  }
}
