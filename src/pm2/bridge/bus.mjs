// pm2's bus, made small: process events of our namespace, and "somebody wrote" hints instead of log text.
import { eventMessage, namespace } from './rows.mjs';

const hintInterval = 20; // ms

/**
 * One hint at once, then at most one each 20 ms, and always one more at the end: pm2 writes the log file after it told
 * the bus, so the text behind the first hint may not be in the file yet.
 */
class Hints {
  #waiting = new Map(); // name -> timer

  constructor(send) {
    this.send = send;
  }

  wrote(name) {
    if (this.#waiting.has(name)) {
      this.#waiting.get(name).again = true;
      return;
    }
    this.send({ type: 'wrote', name });
    this.#arm(name);
  }

  #arm(name) {
    const entry = { again: false };
    this.#waiting.set(name, entry);
    setTimeout(() => {
      this.send({ type: 'wrote', name });
      if (entry.again) this.#arm(name);
      else this.#waiting.delete(name);
    }, hintInterval);
  }
}

/** Forwards what matters of the bus; onKill is called when somebody runs `pm2 kill`. */
export function listen(bus, send, onKill) {
  const hints = new Hints(send);
  const signals = new Map(); // pm_id -> what ended its wrapper; pm2 logs it just before the event

  // "App [orch-x:3] exited with code [0] via signal [SIGKILL]". pm2 prints SIGINT when there was none.
  const exited = /^App \[.*:(\d+)\] exited with code \[.*\] via signal \[(\w+)\]/;
  bus.on('log:PM2', (message) => {
    const match = exited.exec(message?.data);
    if (match) signals.set(Number(match[1]), match[2] === 'SIGINT' ? null : match[2]);
  });

  bus.on('process:event', (message) => {
    const process = message?.process;
    if (!process) return;
    const signal = signals.get(process.pm_id) ?? null;
    if (message.event === 'exit') signals.delete(process.pm_id);
    if (process.namespace === namespace) send(eventMessage(message, signal));
  });

  const wrote = (message) => {
    if (message?.process?.namespace === namespace) hints.wrote(String(message.process.name));
  };
  bus.on('log:out', wrote);
  bus.on('log:err', wrote);
  bus.on('pm2:kill', onKill);
}
