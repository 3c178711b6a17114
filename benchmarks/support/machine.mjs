// What the figures were measured on.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';

import { source } from './stage.mjs';

const firstLine = (command, ...words) => {
  const { stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  return `${stdout}${stderr}`.trim().split('\n')[0];
};

export function machine() {
  const system = /PRETTY_NAME="(.*)"/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? os.type();
  const pm2 = createRequire(new URL('../../src/pm2/bridge/package.json', import.meta.url))('pm2/package.json').version;
  const revision = execFileSync('git', ['-C', source, 'describe', '--always', '--dirty'], { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString(),
    revision,
    cpu: `${os.cpus().length} × ${os.cpus()[0].model}`,
    memoryGB: Math.round(os.totalmem() / 2 ** 30),
    system: `${system}, Linux ${os.release()}`,
    load: os.loadavg()[0].toFixed(2),
    versions: {
      node: process.version,
      pm2,
      nginx: firstLine('nginx', '-v').replace(/.*\//, ''),
      wrk: /\d[\w.]*/.exec(firstLine('wrk', '-v'))?.[0],
      compiler: firstLine('c++', '--version'),
    },
  };
}
