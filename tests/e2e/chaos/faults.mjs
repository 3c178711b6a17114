// Kills: the server, its bridge, pm2's daemon, a process of an app. A daemon that is frozen for a while, or killed and resurrected with
// other ids; somebody's folder mounted inside an app's; a disk that refuses every change, and takes them again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { eventually, pause } from '../support/berth.mjs';
import { family, pm2Table, treeOf } from './machine.mjs';

const signal = (pid, name) => {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false; // it had ended already
  }
};

export class Faults {
  constructor(berth, note) {
    Object.assign(this, { berth, note, kills: {}, missed: 0 });
  }

  #count(target, hit) {
    if (hit) this.kills[target] = (this.kills[target] ?? 0) + 1;
    else this.missed++;
  }

  /** Kills all of these at one moment; a server is started again at once, and not waited for. */
  async strike(targets) {
    await this.returned;
    const all = family(this.berth.pm2Home);
    const pids = {
      server: [this.berth.child.pid],
      bridge: all.filter((p) => p.isBridge).map((p) => p.pid),
      daemon: all.filter((p) => p.isDaemon).map((p) => p.pid),
    };
    for (const target of targets) {
      const hit = pids[target].filter((pid) => signal(pid, 'SIGKILL'));
      this.note(`killed ${target} ${hit.length > 0 ? hit : '(there was none)'}`);
      this.#count(target, hit.length > 0);
    }
    if (!targets.includes('server')) return;
    const old = this.berth.ended;
    this.returned = (async () => {
      await old;
      await this.berth.launch();
    })();
  }

  /** Stops the daemon for `ms`. Reads must be answered all the while, and every app that was started read `unknown`; but
   *  for those that sleep, of which pm2 runs nothing. */
  async freeze(ms, complain) {
    const daemons = family(this.berth.pm2Home).filter((p) => p.isDaemon);
    if (daemons.length === 0) return this.#count('frozen', false);
    for (const { pid } of daemons) signal(pid, 'SIGSTOP');
    this.note(`froze daemon ${daemons.map((p) => p.pid)} for ${ms} ms`);
    this.#count('frozen', true);
    const thaw = performance.now() + ms;
    try {
      await pause(200); // a list that was under way may still have been answered
      let shown = [];
      while (performance.now() < thaw) {
        shown = (await this.berth.get('/api/apps')).body;
        if (!Array.isArray(shown)) return complain(`a read with a frozen daemon was answered ${JSON.stringify(shown)}`);
        await pause(100);
      }
      for (const app of shown)
        if (app.startedAt !== null && !app.asleep && (app.status !== 'unknown' || !app.statusReason))
          complain(`${app.id} reads ${app.status} (${app.statusReason}) with a frozen daemon`);
    } finally {
      for (const { pid } of daemons) signal(pid, 'SIGCONT');
      this.note('the daemon goes on');
    }
  }

  /**
   * Kills the daemon and, when Berth has started the next, has pm2 bring its table back: what was deleted or stopped meanwhile too, and
   * all of it under new ids. (Not before: pm2's command and a bridge that start a daemon at the same moment start two, which is pm2's
   * own doing.)
   */
  async resurrect(model) {
    try {
      await this.berth.pm2('save', '--force');
      for (const id of model.known) model.revive(id);
      await this.strike(['daemon']);
      await eventually('a daemon answers', () => pm2Table(this.berth.pm2Home));
      await this.berth.pm2('resurrect');
    } catch (error) {
      this.note(`pm2 did not resurrect: ${error.message.split('\n')[0]}`);
    }
    this.#count('resurrected', true);
  }

  /** Mounts a folder of gold inside an app's folder for `ms`. Nothing of it may ever be lost. */
  async mount(ms, model, complain) {
    const gold = path.join(this.berth.home, 'gold');
    const nugget = path.join(gold, 'deep', 'nugget');
    mkdirSync(path.dirname(nugget), { recursive: true });
    writeFileSync(nugget, 'gold');
    const id = model.known[0];
    const where = path.join(this.berth.root, 'created-apps', String(id), 'public');
    try {
      mkdirSync(where);
      execFileSync('mount', ['--bind', gold, where], { stdio: 'ignore' });
    } catch {
      return this.#count('mounted', false); // no such app any more, or not our right
    }
    this.note(`mounted gold in ${id} for ${ms} ms`);
    this.#count('mounted', true);
    await pause(ms);
    // Wherever the folder has been moved to meanwhile.
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map((line) => line.split(' ')[4]);
    for (const each of mounts.filter((m) => m?.startsWith(`${this.berth.root}/`))) execFileSync('umount', [each]);
    this.note('unmounted it');
    if (!existsSync(nugget)) complain('what was mounted inside an app was removed');
  }

  /** Every folder of the root refuses every change for `ms`. (A file system that holds logs open for writing cannot be remounted.) */
  async readOnly(ms) {
    const folders = ['', 'created-apps', '.berth', '.berth/journal', '.berth/trash', '.berth/backups'].map((name) => path.join(this.berth.root, name));
    const set = (flag) => execFileSync('chattr', [flag, ...folders], { stdio: 'ignore' });
    try {
      set('+i');
    } catch {
      return this.#count('readonly', false);
    }
    this.note(`the disk refuses for ${ms} ms`);
    this.#count('readonly', true);
    try {
      await pause(ms);
    } finally {
      set('-i');
      this.note('the disk takes changes again');
    }
  }

  /** Ends a process of a running app: the npm wrapper, or the server proper. */
  async noise({ kind, pick }, model) {
    const all = family(this.berth.pm2Home);
    const apps = [...new Set(all.filter((p) => p.app && model.known.includes(p.app)).map((p) => p.app))];
    if (apps.length === 0) return;
    const id = apps[Math.floor(pick * apps.length)];
    const own = all.filter((p) => p.app === id);
    const wrapper = own.find((p) => !own.some((other) => other.pid === p.parent));
    const victim = kind === 'wrapper' ? wrapper : treeOf(wrapper.pid, own).at(-1);
    model.strike(id);
    this.#count(kind, signal(victim.pid, 'SIGKILL'));
    this.note(`killed the ${kind} of ${id} (${victim.pid})`);
  }

  /** Resolves when the server that was started last answers. */
  async back() {
    for (;;) {
      const waited = this.returned;
      await waited;
      if (waited === this.returned) break;
    }
    const answers = () => {
      // One that was started while the disk refused has said so and ended, as it should: a person starts it again.
      if (this.berth.child.exitCode === 1 && /cannot use .* as its folder/.test(this.berth.log)) this.berth.launch();
      return this.berth.answers();
    };
    await eventually('berth answers', answers, 30).catch((error) => {
      throw new Error(`${error.message}\n${this.berth.log.slice(-3000)}`);
    });
  }
}
