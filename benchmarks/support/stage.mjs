// The stage of most scenarios: a Berth with twenty real apps under a real pm2, with a home, a PM2_HOME and ports of their own, and the
// peers beside it. Each is started when it is asked for the first time, and all are taken away by close().
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { withEnvironment } from '../../tests/e2e/support/processes.mjs';
import { nginxConfiguration, nginxProxyConfiguration } from './nginx.mjs';
import { Program, freePorts, request, until } from './program.mjs';

export const source = fileURLToPath(new URL('../..', import.meta.url));
export const built = path.join(source, 'build/benchmark');
export const berthProgram = process.env.BERTH_PROGRAM ?? path.join(built, 'berth');
export const pm2Command = path.join(source, 'src/pm2/bridge/node_modules/pm2/bin/pm2');
export const smallApp = path.join(source, 'tests/e2e/support/small-app.mjs');
const inSource = (name) => path.join(source, 'benchmarks', name);

export const appCount = 20;

export class Stage {
  /** scaffold: the command that makes an app; the small Node server by default, null: Berth's own. environment: more of it. ports: how many the
   *  apps may have. */
  static async open({ scaffold = `${process.execPath} ${smallApp}`, environment = {}, ports = appCount } = {}) {
    const stage = new Stage();
    stage.scaffold = scaffold;
    stage.home = mkdtempSync(path.join(os.tmpdir(), 'berth-bench-'));
    stage.root = path.join(stage.home, 'root');
    stage.pm2Home = path.join(stage.home, 'pm2');
    stage.env = { ...process.env, PM2_HOME: stage.pm2Home, ...environment };
    mkdirSync(stage.root);
    stage.first = await freePorts(ports + 8);
    stage.port = stage.first + ports; // Berth's own; the ports before it are the apps'
    stage.baselinePort = stage.port + 1;
    stage.nginxPort = stage.port + 2;
    stage.broadcastPort = stage.port + 3;
    const portRange = [stage.first, stage.first + ports - 1];
    writeFileSync(path.join(stage.root, 'manifest.json'), JSON.stringify({ version: '1.0.0', portRange, apps: {} }));
    return stage;
  }

  get logFile() {
    return path.join(this.home, 'log.txt');
  }

  /** Berth, answering; without apps at first. */
  async serve(...more) {
    const flags = ['serve', ...more, '--root', this.root, '--port', String(this.port), ...(this.scaffold === null ? [] : ['--scaffold', this.scaffold])];
    this.berth = Program.start(berthProgram, flags, { env: this.env, logFile: this.logFile });
    await this.berth.answers(this.port, '/api/health');
    return this.berth;
  }

  async api(method, where, body) {
    const answer = await request(this.port, method, where, body === undefined ? undefined : JSON.stringify(body));
    if (answer.status >= 400) throw new Error(`${method} ${where}: ${answer.text}`);
    return JSON.parse(answer.text);
  }

  apps() {
    return this.api('GET', '/api/apps');
  }

  /** Twenty creates at once; returns when every app is online. */
  async createAll() {
    const wishes = Array.from({ length: appCount }, (_, i) => ({ name: `app-${i}`, category: i % 2 ? 'odd' : null }));
    await Promise.all(wishes.map((wish) => this.api('POST', '/api/apps', wish)));
    return this.allAre('online');
  }

  allAre(status) {
    return until(`all apps are ${status}`, async () => {
      const apps = await this.apps();
      return apps.length === appCount && apps.every((app) => app.status === status && app.operation === null) && apps;
    });
  }

  bulk(action, ids) {
    return this.api('POST', '/api/apps/actions', { action, ...(ids ? { ids } : { all: true }) });
  }

  /** The baseline on the same twenty apps, with a copy of the manifest. */
  async startBaseline(environment = {}) {
    const root = path.join(this.home, 'baseline');
    mkdirSync(root, { recursive: true });
    cpSync(path.join(this.root, 'manifest.json'), path.join(root, 'manifest.json'));
    const words = [inSource('baseline/server.mjs'), root, String(this.baselinePort)];
    const program = Program.start(process.execPath, words, { env: { ...this.env, ...environment }, logFile: this.logFile });
    return program.answers(this.baselinePort);
  }

  /** nginx with one worker, serving the bytes that Berth answers now. */
  async startNginx() {
    const folder = path.join(this.home, 'nginx');
    mkdirSync(path.join(folder, 'api'), { recursive: true });
    writeFileSync(path.join(folder, 'api/apps'), JSON.stringify(await this.apps()));
    const reply = await fetch(`http://localhost:${this.port}/api/apps`);
    await reply.arrayBuffer();
    return this.nginx(folder, nginxConfiguration({ folder, port: this.nginxPort, headers: reply.headers, root: process.getuid() === 0 }), '/api/apps');
  }

  /** nginx with one worker, as a proxy to what listens on the port. */
  async startNginxProxy(to) {
    const folder = path.join(this.home, 'nginx-proxy');
    mkdirSync(folder);
    return this.nginx(folder, nginxProxyConfiguration({ folder, port: this.nginxPort, to, root: process.getuid() === 0 }), '/');
  }

  nginx(folder, configuration, probe) {
    const file = path.join(folder, 'nginx.conf');
    writeFileSync(file, configuration);
    return Program.start('nginx', ['-p', folder, '-e', 'stderr', '-c', file], { logFile: this.logFile }).answers(this.nginxPort, probe);
  }

  async startBroadcast() {
    const words = [inSource('baseline/broadcast.mjs'), String(this.broadcastPort)];
    return Program.start(process.execPath, words, { logFile: this.logFile }).answers(this.broadcastPort);
  }

  async pm2(...words) {
    const { stdout } = await promisify(execFile)(process.execPath, [pm2Command, ...words], { env: this.env, maxBuffer: 64 << 20 });
    return stdout;
  }

  get pm2DaemonPid() {
    return Number(readFileSync(path.join(this.pm2Home, 'pm2.pid'), 'utf8'));
  }

  async close() {
    await this.berth?.stop();
    await this.pm2('kill').catch(() => {});
    const mine = () => withEnvironment(`PM2_HOME=${this.pm2Home}`).filter((p) => p.pid !== process.pid);
    await until('the apps end', () => mine().length === 0, 10).catch(() => {});
    for (const p of mine()) process.kill(p.pid, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}
