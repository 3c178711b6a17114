// A program that is measured: started, waited for, looked at through /proc, and ended. Everything on the loopback.
import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';

export { freePorts } from '../../tests/e2e/support/ports.mjs';

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** ms of CLOCK_MONOTONIC, as ws_load prints it in ns. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Asks again until `probe` gives something truthy, and returns it. */
export async function until(what, probe, seconds = 60) {
  const end = now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(10);
  }
}

const agent = new http.Agent({ keepAlive: true });

/** One request on a kept connection: {status, text}. */
export function request(port, method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { host: `localhost:${port}` };
    if (body !== undefined) Object.assign(headers, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    const sent = http.request({ host: '127.0.0.1', port, method, path, headers, agent }, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(pieces).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Whether there is such a process, or, for -pid, one of that group. */
function exists(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export class Program {
  /** Its output goes to logFile. `group`: it leads a process group, and is stopped with all of it. */
  static start(command, words, { env = process.env, logFile, cwd, group = false } = {}) {
    const program = new Program();
    const log = openSync(logFile ?? '/dev/null', 'a');
    program.child = spawn(command, words, { env, cwd, detached: group, stdio: ['ignore', log, log] });
    program.group = group;
    closeSync(log);
    program.pid = program.child.pid;
    program.ended = new Promise((done) => {
      program.child.once('exit', done);
      program.child.once('error', done);
    });
    program.ended.then(() => (program.gone = true));
    return program;
  }

  /** Waits until it answers anything on the port. */
  async answers(port, path = '/') {
    await until(`port ${port} answers`, () => {
      if (this.gone) throw new Error(`${this.child.spawnargs.join(' ')} ended at its start`);
      return request(port, 'GET', path).catch(() => null);
    });
    return this;
  }

  /** Resident, in MB (2^20). */
  get memoryMB() {
    return statusKB(this.pid, 'VmRSS') / 1024;
  }

  /** The most that it was since peakBegins(), in MB. */
  get peakMB() {
    return statusKB(this.pid, 'VmHWM') / 1024;
  }

  /** Processor time of all its threads so far, in seconds. */
  get cpuSeconds() {
    return cpuSeconds(this.pid);
  }

  async stop(signal = 'SIGTERM') {
    if (this.group && exists(-this.pid)) process.kill(-this.pid, signal);
    else if (!this.gone) this.child.kill(signal);
    await this.ended;
    if (this.group) await until('its process group ends', () => !exists(-this.pid));
  }
}

export function statusKB(pid, field) {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return found ? Number(found[1]) : 0;
}

export function cpuSeconds(pid) {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]);
  return ns / 1e9;
}
