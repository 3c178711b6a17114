// Runs the berth program as a person or a script would: with pipes, or on a terminal of its own (script(1) makes it).
import { spawn } from 'node:child_process';
import assert from 'node:assert/strict';

import { eventually, program } from './berth.mjs';

const ansi = /\x1b\[[0-9;?]*[A-Za-z]/g;
export const withoutColours = (text) => text.replace(ansi, '');

/** A command under way: what it has said so far, and how it ends. */
export class Run {
  constructor(command, words, environment) {
    this.stdout = '';
    this.stderr = '';
    this.child = spawn(command, words, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    this.child.stdin.on('error', () => {});
    this.closed = new Promise((done) => this.child.once('close', (code, signal) => done({ code, signal })));
  }

  /** The exit code; a command that has not ended by then is ended, and fails the test. */
  async end(seconds = 30) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        this.child.kill('SIGKILL');
        reject(new Error(`${this.child.spawnargs.join(' ')} did not end within ${seconds} s\n${this.stdout}\n${this.stderr}`));
      }, seconds * 1000);
    });
    const { code, signal } = await Promise.race([this.closed, late]).finally(() => clearTimeout(timer));
    assert.equal(signal, null, `ended by ${signal}\n${this.stderr}`);
    this.code = code;
    return this;
  }

  says(what, where = 'stdout', seconds = 20) {
    const found = () => (typeof what === 'string' ? this[where].includes(what) : what.test(this[where]));
    return eventually(`${what} on ${where}`, found, seconds).catch((error) => {
      throw new Error(`${error.message}; stdout:\n${this.stdout}\nstderr:\n${this.stderr}`);
    });
  }

  type(text) {
    this.child.stdin.write(text);
  }
}

/** A command of berth with pipes; nothing is typed. */
export function start(url, words, environment = {}) {
  const run = new Run(program, words, { ...process.env, BERTH_URL: url, ...environment });
  run.child.stdin.end();
  return run;
}

export const cli = (url, words, environment) => start(url, words, environment).end();

/** A line of shell, with `berth` on its PATH. */
export function startShell(url, line, environment = {}) {
  return new Run('bash', ['-c', line], { ...process.env, PATH: `${pathOfProgram()}:${process.env.PATH}`, BERTH_URL: url, ...environment });
}

/** A line of shell on a terminal; what it writes, stderr too, is in stdout. */
export function startOnTerminal(url, line, { columns = 100, rows = 30, ...environment } = {}) {
  const sized = `stty cols ${columns} rows ${rows}; ${line}`;
  return new Run('script', ['-qefc', sized, '/dev/null'], {
    ...process.env,
    SHELL: '/bin/bash',
    TERM: 'xterm',
    NO_COLOR: '',
    PATH: `${pathOfProgram()}:${process.env.PATH}`,
    BERTH_URL: url,
    ...environment,
  });
}

export const pathOfProgram = () => program.slice(0, program.lastIndexOf('/'));
