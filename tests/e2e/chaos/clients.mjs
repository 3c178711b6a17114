// The load: clients that create, stop, restart, delete and read, each through its list of the plan, and keep a journal of what was
// asked and what was answered.
import { setTimeout as after } from 'node:timers/promises';

import { pause } from '../support/berth.mjs';

const maxApps = 8; // one more create is a delete: each app is four processes
const answerWithin = 60_000; // ms; a request that takes longer hangs

export class Clients {
  /** `onRequest` is told of every request when it leaves: faults are timed by it. */
  constructor(berth, model, onRequest) {
    Object.assign(this, { berth, model, onRequest, journal: [], complaints: [], underWay: new Set(), named: 0 });
    this.counts = {}; // kind -> outcome -> number
  }

  now = () => Math.round(performance.now() * 10) / 10;

  /** Works through the lists until they end or `over()` is true; resolves when every request is answered or lost. */
  async work(round, lists, over) {
    const client = async (list) => {
      for (const step of list) {
        if (over()) return;
        await pause(step.pause);
        if (over()) return;
        await this.perform(round, step);
      }
    };
    await Promise.all(lists.map(client));
  }

  perform(round, { op, pick }) {
    const known = this.model.known;
    const id = known[Math.floor(pick * known.length)];
    let kind = op;
    if (kind === 'create' && known.length >= maxApps) kind = 'delete';
    else if (!['create', 'read'].includes(kind) && !id) kind = 'create';
    if (kind === 'create') return this.create(round);
    if (kind === 'read') return this.read();
    if (kind === 'open') return this.open(id);
    const [method, where] = kind === 'delete' ? ['DELETE', ''] : ['POST', `/${kind}`];
    return this.ask(kind, { id }, method, `/api/apps/${id}${where}`);
  }

  create(round) {
    const name = `r${round} ${++this.named}`;
    return this.ask('create', { name }, 'POST', '/api/apps', { name, category: this.named % 3 ? 'chaos' : null });
  }

  /** Asks the app itself, on its port, as a person does who opens it: one that sleeps wakes for it. */
  async open(id) {
    const operation = this.model.begin('open', { id }, this.now());
    this.underWay.add(operation);
    this.onRequest(operation);
    let outcome = 'lost';
    const answer = {};
    try {
      const got = await fetch(`http://127.0.0.1:${this.model.portOf(id)}/`, { signal: AbortSignal.timeout(answerWithin) });
      await got.arrayBuffer();
      answer.status = got.status;
      outcome = got.status < 300 ? 'done' : 'failed';
    } catch (error) {
      if (error.name === 'TimeoutError') this.complain(`${id} was opened and did not answer within ${answerWithin / 1000} s`, operation);
      answer.error = error.cause?.code ?? error.message;
    }
    this.model.end(operation, outcome, this.now(), answer);
    this.underWay.delete(operation);
    this.note(operation);
  }

  async read() {
    const operation = await this.ask('read', {}, 'GET', '/api/apps');
    if (operation.outcome === 'done')
      for (const wrong of this.model.readComplaints(operation.body, operation.begun, operation.ended)) this.complain(wrong, operation);
    else if (operation.outcome !== 'lost' && operation.status) this.complain(`a read was answered ${operation.status}`, operation);
    return operation;
  }

  complain(text, operation) {
    this.complaints.push(`${text} (request begun at ${operation.begun})`);
  }

  async ask(kind, subject, method, where, body) {
    const operation = this.model.begin(kind, subject, this.now());
    this.underWay.add(operation);
    this.onRequest(operation);
    let outcome = 'lost';
    let answer = {};
    try {
      const asked = this.berth.call(method, where, body);
      const late = after(answerWithin, 'late', { ref: false });
      const got = await Promise.race([asked, late]);
      if (got === 'late') this.complain(`${kind} of ${subject.id ?? subject.name} was not answered within ${answerWithin / 1000} s`, operation);
      else {
        answer = { status: got.status, body: got.body };
        outcome = got.status < 300 ? 'done' : got.status < 500 ? 'refused' : 'failed';
        // Decided, and not finished: the disk refuses. Until it does not, the app is there, and being deleted.
        if (/not gone yet/.test(got.body?.warning ?? '')) outcome = 'failed';
      }
    } catch (error) {
      if (error.name === 'AssertionError') this.complain(`an answer breaks its schema: ${error.message}`, operation);
      else if (error.cause?.code === 'ECONNREFUSED') outcome = 'refused';
      answer = { error: error.cause?.code ?? error.message };
    }
    this.model.end(operation, outcome, this.now(), answer);
    this.underWay.delete(operation);
    this.note(operation);
    return operation;
  }

  note({ kind, id, name, begun, ended, outcome, status, body, error }) {
    const of = (this.counts[kind] ??= {});
    of[outcome] = (of[outcome] ?? 0) + 1;
    const said = error ?? (outcome === 'done' ? body?.status : body?.code) ?? '';
    this.journal.push(`${begun} to ${ended}: ${kind} ${id ?? ''} ${name ?? ''} ${outcome} ${status ?? ''} ${said} ${body?.warning ?? body?.detail ?? ''}`);
  }
}
