// What must be true after the kills, from nothing but what was asked and what was answered. Pure.
//
// A request that was answered well has happened, one that was refused has not, and one that was never answered (the server died) may
// or may not have, but not by half. Berth serialises the operations on one app in an order that clients who ask at the same time
// cannot know: so an operation counts as a possible last one unless a later one, begun after it had ended, was answered well.

/**
 * An operation is {kind, id, name, begun, ended, outcome, status, body}; `begun` and `ended` in ms of one clock, Infinity while it is
 * under way. Outcomes: `done` (2xx), `refused` (4xx, or the connection was refused: nothing was done), `failed` (5xx), `lost` (no
 * answer), `pending`.
 */
const uncertain = (operation) => !['done', 'refused'].includes(operation.outcome);

/** What is meant to be of an app: it runs, it is stopped, or it sleeps until it is opened. */
const wishOf = (app) => (app.asleep ? 'asleep' : app.intent);

const changing = ['stop', 'restart', 'sleep', 'wake'];

/** What an operation may leave as the app's wish; nothing where it changes nothing. */
function wishesOf({ kind, outcome, body }) {
  if (kind === 'stop') return ['stop'];
  if (kind === 'restart' || kind === 'wake') return ['run'];
  if (kind === 'sleep') return ['asleep'];
  // Started; or entered and not started, which a start that reaches pm2 late still makes true.
  if (kind === 'create') return outcome === 'done' && body.intent === 'run' ? ['run'] : ['run', 'stop'];
  return [];
}

export class Model {
  #apps = new Map(); // id -> {id, name, port, category, createdAt, wishes}: must exist, unless a delete says otherwise
  #gone = new Set(); // ids whose delete was acknowledged, or seen to have happened
  #names = new Map(); // name -> the operation that is to create it
  #operations = []; // since the last settle()
  #struck = new Set(); // ids whose own processes were killed since then
  #revived = new Set(); // ids that somebody may have started past Berth since then
  /** All ids that were ever in a table that pm2 was told to bring back: it may begin the logs of one anew that was deleted meanwhile. */
  resurrected = new Set();

  /** Ids that a client may work on. */
  get known() {
    return [...this.#apps.keys()];
  }

  begin(kind, subject, begun) {
    const operation = { kind, ...subject, begun, ended: Infinity, outcome: 'pending' };
    this.#operations.push(operation);
    if (kind === 'create') this.#names.set(operation.name, operation);
    return operation;
  }

  end(operation, outcome, ended, answer = {}) {
    Object.assign(operation, { outcome, ended, ...answer });
    if (outcome !== 'done') return;
    if (operation.kind === 'create') {
      operation.id = operation.body.id;
      this.#adopt(operation.body, []);
    } else if (operation.kind === 'delete') {
      this.#apps.delete(operation.id);
      this.#gone.add(operation.id);
    }
  }

  /** A process of the app's own was killed: whether that reads as a crash or as a stop depends on who was there to see it. */
  strike(id) {
    this.#struck.add(id);
  }

  /** `pm2 resurrect` may start it at any moment from now on. */
  revive(id) {
    this.#struck.add(id);
    this.#revived.add(id);
    this.resurrected.add(id);
  }

  #adopt({ id, name, port, category, createdAt }, wishes) {
    this.#apps.set(id, { id, name, port, category, createdAt, wishes });
  }

  #of(id, ...kinds) {
    return this.#operations.filter((o) => o.id === id && kinds.includes(o.kind));
  }

  portOf(id) {
    return this.#apps.get(id)?.port;
  }

  /** The wishes that the app may have now. */
  wishes(id) {
    const asked = this.#of(id, 'create', ...changing).filter((o) => o.outcome !== 'refused');
    const certain = asked.filter((o) => o.outcome === 'done');
    const last = asked.filter((o) => !certain.some((later) => later !== o && later.begun > o.ended));
    const before = certain.length > 0 ? certain.flatMap(wishesOf) : (this.#apps.get(id)?.wishes ?? []);
    const allowed = new Set(last.flatMap(wishesOf));
    if (last.length === 0 || last.some(uncertain)) before.forEach((wish) => allowed.add(wish));
    if (allowed.has('asleep') && this.#of(id, 'open').length > 0) allowed.add('run'); // it wakes for it, if it gets there
    if (this.#struck.has(id)) ['run', 'stop'].forEach((wish) => allowed.add(wish));
    return allowed;
  }

  /** Sentences on what is wrong with the apps that exist now: objects of the API or entries of the manifest. */
  complaints(apps) {
    const found = [];
    const seen = new Map(apps.map((app) => [app.id, app]));
    for (const [id, app] of this.#apps) {
      const now = seen.get(id);
      if (!now) {
        if (!this.#of(id, 'delete').some(uncertain)) found.push(`${id} (${app.name}) is lost`);
        continue;
      }
      for (const field of ['name', 'port', 'category', 'createdAt'])
        if (now[field] !== app[field]) found.push(`${id}: ${field} was ${app[field]} and is ${now[field]}`);
      const wishes = this.wishes(id);
      if (!wishes.has(wishOf(now))) found.push(`${id}: intent is ${wishOf(now)}, but what was asked allows only ${[...wishes]}`);
    }
    for (const [id, app] of seen) {
      if (this.#gone.has(id)) found.push(`${id} (${app.name}) is back, although it was deleted`);
      else if (!this.#apps.has(id)) {
        const create = this.#names.get(app.name);
        if (!create || !uncertain(create)) found.push(`${id} (${app.name}) exists, but its create was ${create?.outcome ?? 'never asked'}`);
      }
    }
    return found;
  }

  /** What is wrong with the answer to a read: it shows at least all that was acknowledged before it was asked. */
  readComplaints(apps, begun, ended) {
    const found = [];
    const seen = new Map(apps.map((app) => [app.id, app]));
    for (const id of this.#gone) {
      const deletes = this.#of(id, 'delete').filter((o) => o.outcome === 'done');
      if (seen.has(id) && deletes.every((o) => o.ended < begun)) found.push(`a read shows ${id} after its delete was acknowledged`);
    }
    for (const [id, app] of this.#apps) {
      if (this.#of(id, 'create').some((o) => o.ended >= begun)) continue;
      const deleted = this.#of(id, 'delete').length > 0;
      if (!seen.has(id)) {
        if (!deleted) found.push(`a read misses ${id} (${app.name})`);
        continue;
      }
      const stop = this.#of(id, 'stop', 'sleep').findLast((o) => o.outcome === 'done' && o.ended < begun);
      const others = this.#of(id, ...changing, 'open', 'delete').filter((o) => o !== stop);
      if (!stop || this.#revived.has(id) || others.some((o) => o.ended >= stop.begun && o.begun <= ended)) continue;
      const { status } = seen.get(id);
      if (!['stopped', 'unknown'].includes(status)) found.push(`a read shows ${id} as ${status} after its ${stop.kind} was acknowledged`);
    }
    return found;
  }

  /** What was found in order is the ground for the next round: nothing before it is "either way" any more. */
  settle(apps) {
    const seen = new Set(apps.map((app) => app.id));
    for (const id of this.known)
      if (!seen.has(id)) {
        this.#apps.delete(id);
        this.#gone.add(id);
      }
    for (const app of apps) this.#adopt(app, [wishOf(app)]);
    this.#operations = [];
    this.#struck.clear();
    this.#revived.clear();
  }
}
