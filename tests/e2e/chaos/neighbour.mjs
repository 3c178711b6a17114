// A second Berth, on a root of its own and on the same pm2, with apps that nobody touches: whatever happens to the first, their
// processes live on.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Berth, freePorts } from '../support/berth.mjs';
import { isAlive, workingIn } from '../support/processes.mjs';
import { neighbourMark } from './machine.mjs';

export class Neighbour {
  static async start(first) {
    const neighbour = new Neighbour();
    const options = { environment: { [neighbourMark]: '1' } };
    const berth = Object.assign(new Berth(), { options, home: first.home, pm2Home: first.pm2Home, root: path.join(first.home, 'neighbour') });
    mkdirSync(berth.root);
    const port = await freePorts(25);
    Object.assign(berth, { port, portRange: [port + 1, port + 24], manifestFile: path.join(berth.root, 'manifest.json') });
    writeFileSync(berth.manifestFile, JSON.stringify({ version: '1.0.0', portRange: berth.portRange, apps: {} }));
    await berth.serve();
    neighbour.berth = berth;
    neighbour.apps = [await berth.online('next door'), await berth.online('across the road')];
    neighbour.processes = workingIn(path.join(berth.root, 'created-apps')).map((p) => p.pid);
    return neighbour;
  }

  complaints() {
    const found = this.processes.filter((pid) => !isAlive(pid)).map((pid) => `its process ${pid} was ended`);
    const entries = Object.keys(JSON.parse(readFileSync(this.berth.manifestFile, 'utf8')).apps);
    for (const { id } of this.apps) if (!entries.includes(id)) found.push(`its app ${id} is lost`);
    return found;
  }

  async end() {
    await this.berth.post('/api/apps/actions', { action: 'delete', all: true }).catch(() => {});
    await this.berth.kill('SIGTERM');
  }
}
