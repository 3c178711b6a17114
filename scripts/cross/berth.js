#!/usr/bin/env node
// Becomes the program for this platform, which is in a package of its own: npm installs the one that fits.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const path = require('node:path');

const platform = `${process.platform}-${process.arch}`;

function findProgram() {
  try {
    return require.resolve(`@berth-dev/${platform}/bin/berth`);
  } catch {
    const { optionalDependencies } = require('../package.json');
    console.error(
      optionalDependencies[`@berth-dev/${platform}`]
        ? `berth: the package @berth-dev/${platform} is missing; install again, without --omit=optional`
        : `berth: there is no program for ${platform}; it can be built from its source`,
    );
    process.exit(1);
  }
}

const program = findProgram();
const byNpx = process.env.npm_command === 'exec';
const words = process.argv.slice(2);
if (words.length === 0 && byNpx) {
  const knowsUp = spawnSync(program, ['up', '--help'], { stdio: 'ignore' }).status === 0;
  words.push(knowsUp ? 'up' : 'serve', '--open');
}
const env = { ...process.env, BERTH_PACKAGE: path.dirname(__dirname) };

if (process.execve) {
  process.removeAllListeners('warning'); // that execve is new in Node
  process.execve(program, [program, ...words], env);
}

const child = spawn(program, words, { stdio: 'inherit', env });
child.on('error', (error) => {
  console.error(`berth: ${program} could not be started: ${error.message}`);
  process.exit(1);
});
// A terminal tells everybody in front of it; a second signal would mean "at once".
const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM'])
  process.on(signal, () => {
    if (signal === 'SIGTERM' || !onTerminal) child.kill(signal);
  });
child.on('exit', (code, signal) => {
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
