// Real Next apps for a scenario: create-next-app runs once, and stands in for itself as a copy from then on.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { accepting } from './accepting.mjs';
import { Stage, appCount } from './stage.mjs';

const flags = ['--yes', '--use-npm', '--ts', '--tailwind', '--eslint', '--app', '--src-dir', '--no-import-alias'];

/** The folder of an app that create-next-app makes in `home`. */
export function createNextApp(home) {
  const folder = path.join(home, 'next-app');
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' };
  execFileSync('npx', ['--yes', 'create-next-app@latest', folder, ...flags], { stdio: ['ignore', 'ignore', 'inherit'], env });
  return folder;
}

/** Berth with the template `next` in place and no app. */
export async function withTemplate(home, folder) {
  const bin = path.join(home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, 'npx'), `#!/bin/sh\nexec cp -a '${folder}' "$3"\n`); // npx --yes create-next-app@latest DIR …
  chmodSync(path.join(bin, 'npx'), 0o755);
  const stage = await Stage.open({ scaffold: null, environment: { PATH: `${bin}:${process.env.PATH}` } });
  await stage.serve();
  await stage.api('POST', '/api/apps', { name: 'first' });
  await accepting(stage.first, 1);
  await empty(stage);
  return stage;
}

export async function empty(stage) {
  await stage.bulk('delete');
  await accepting(stage.first, appCount, false);
}
