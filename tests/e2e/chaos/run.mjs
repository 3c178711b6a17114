// A chaos run: rounds of load and kills, and after each the question whether all is as it should be. The figures are returned; what
// is wrong is thrown, with the seed, the round's plan and the journal.
import { readFileSync } from 'node:fs';

import { Berth, pause } from '../support/berth.mjs';
import { Clients } from './clients.mjs';
import { Faults } from './faults.mjs';
import { family, folders, listening, pm2Table, treeOf } from './machine.mjs';
import { Model } from './model.mjs';
import { Neighbour } from './neighbour.mjs';
import { planRound } from './plan.mjs';
import { verdict } from './verdict.mjs';

/** Everything at one moment, as verdict() wants it. */
async function observe(berth, neighbour) {
  try {
    const [{ body: apps }, { body: health }, { body: operations }] = await Promise.all(
      ['/api/apps', '/api/health', '/api/operations'].map((where) => berth.get(where)),
    );
    const all = family(berth.pm2Home);
    let manifest = readFileSync(berth.manifestFile, 'utf8');
    try {
      manifest = JSON.parse(manifest);
    } catch {}
    return {
      apps,
      operations,
      manifest,
      orphans: health.orphans,
      problems: health.problems,
      table: await pm2Table(berth.pm2Home),
      family: all,
      files: folders(berth.root),
      serverPid: berth.child.pid,
      root: berth.root,
      portRange: berth.portRange,
      ports: listening,
      treeOf,
      neighbours: neighbour.complaints(),
    };
  } catch (error) {
    if (error.name === 'AssertionError') throw error;
    return { error: `the server does not answer: ${error.cause?.code ?? error.message}` };
  }
}

class Run {
  constructor(options, berth, neighbour) {
    Object.assign(this, { options, berth, neighbour, model: new Model(), mended: [], rounds: 0, failures: [] });
    this.clients = new Clients(berth, this.model, (operation) => this.requested(operation));
    this.faults = new Faults(berth, (text) => this.note(text));
  }

  note(text) {
    this.clients.journal.push(`${this.clients.now()}: ${text}`);
  }

  /** The fault that waits for this kind of request gets its moment. */
  requested({ kind }) {
    if (this.awaited && (this.awaited.on === 'any' || this.awaited.on === kind)) this.awaited.come();
  }

  /** Resolves `ms` after the first request of the kind, or, if none comes, soon all the same. */
  async moment({ on, ms }) {
    if (on) {
      await Promise.race([new Promise((come) => (this.awaited = { on, come })), pause(1500)]);
      this.awaited = null;
    }
    await pause(ms);
  }

  async inflict({ faults, noise, rest }) {
    const struck = noise ? pause(noise.ms).then(() => this.faults.noise(noise, this.model)) : null;
    const complain = (text) => this.clients.complaints.push(text);
    const undone = [];
    for (const { targets, when, lasts } of faults) {
      await this.moment(when);
      const [first, ...others] = targets;
      if (first === 'frozen') await this.faults.freeze(lasts, complain);
      else if (first === 'mounted') undone.push(this.faults.mount(lasts, this.model, complain));
      else if (first === 'readonly') undone.push(this.faults.readOnly(lasts));
      else if (first === 'resurrected') await this.faults.resurrect(this.model);
      else others.push(first);
      if (others.length > 0) await this.faults.strike(others);
    }
    await Promise.all([struck, ...undone]);
    await pause(rest);
  }

  async round(number) {
    const plan = planRound(this.options.seed, number);
    this.clients.journal.length = 0;
    this.berth.log = '';
    this.note(`round ${number}`);
    let over = false;
    const load = this.clients.work(number, plan.lists, () => over);
    await this.inflict(plan);
    over = true;
    await load;
    await this.faults.back();
    await this.rests(plan);
    this.rounds++;
  }

  /** All is as it should be, within the seconds that are given for it. */
  async rests(plan) {
    const begun = performance.now();
    const { within } = this.options;
    for (;;) {
      const seen = await observe(this.berth, this.neighbour);
      const found = [...this.clients.complaints];
      if (found.length === 0) {
        found.push(...verdict(seen, this.model.resurrected));
        if (!seen.error) found.push(...this.model.complaints(seen.apps), ...this.model.complaints(Object.values(seen.manifest.apps ?? {})));
      }
      const ms = performance.now() - begun;
      if (found.length === 0) {
        this.mended.push(ms);
        return this.model.settle(seen.apps);
      }
      if (this.clients.complaints.length > 0 || ms > within * 1000) {
        this.failures.push(this.report(plan, found, seen));
        this.clients.complaints.length = 0;
        if (!this.options.goOn || seen.error) throw new Error(this.failures.at(-1));
        return this.model.settle(seen.apps);
      }
      await pause(100);
    }
  }

  report(plan, found, seen) {
    const { seed, within } = this.options;
    return [
      `chaos: not as it should be ${within} s after the last fault. Seed ${seed}, round ${plan.number}.`,
      ...[...new Set(found)].map((text) => `  - ${text}`),
      `plan: ${JSON.stringify({ faults: plan.faults, noise: plan.noise })}`,
      `table: ${JSON.stringify(seen.table)}`,
      `processes: ${JSON.stringify(seen.family?.map(({ pid, parent, command, app }) => [pid, parent, app, command.slice(0, 50)]))}`,
      'journal:',
      ...this.clients.journal.map((line) => `  ${line}`),
      'server:',
      this.berth.log.split('\n').slice(-60).join('\n'),
    ].join('\n');
  }

  figures() {
    const sorted = [...this.mended].sort((a, b) => a - b);
    const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
    return {
      seed: this.options.seed,
      rounds: this.rounds,
      failures: this.failures.length,
      kills: this.faults.kills,
      killed: Object.values(this.faults.kills).reduce((sum, n) => sum + n, 0),
      operations: this.clients.counts,
      mendedMs: { p50: at(0.5), p95: at(0.95), max: at(1) },
      seconds: Math.round((performance.now() - this.begun) / 1000),
    };
  }
}

/**
 * options: seed; kills (end after so many) and rounds (or after so many); first (the round to begin with, for a replay); apps (to
 * begin with); within (seconds until all must be right); goOn (do not end with the first failure); onRound (called with the figures and
 * the failures after each).
 */
export async function chaos(options) {
  const all = { seed: 1, kills: Infinity, rounds: Infinity, first: 0, apps: 4, within: 5, onRound: () => {}, ...options };
  const berth = await Berth.start();
  const neighbour = await Neighbour.start(berth);
  const run = new Run(all, berth, neighbour);
  run.begun = performance.now();
  try {
    await Promise.all(Array.from({ length: all.apps }, () => run.clients.create('start')));
    await run.rests({ number: 'start' });
    for (let number = all.first; run.rounds < all.rounds && run.figures().killed < all.kills; number++) {
      await run.round(number);
      all.onRound(run.figures(), run.failures);
    }
    return run.figures();
  } catch (error) {
    error.figures = run.figures();
    throw error;
  } finally {
    await neighbour.end();
    await berth.kill('SIGTERM');
    for (const { pid } of family(berth.pm2Home)) process.kill(pid, 'SIGKILL'); // what has lost its pm2 lives on, as it may
    await berth.close();
  }
}
