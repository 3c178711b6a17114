// The requests, done with pm2's own calls. Only rows of our namespace are ever touched.
import fs from 'node:fs';
import { promisify } from 'node:util';
import { isOurs, startOptions, tableRow } from './rows.mjs';

class BridgeError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export function makeOperations(pm2, environment) {
  const call = Object.fromEntries(
    ['list', 'start', 'stop', 'restart', 'delete'].map((name) => [name, promisify(pm2[name]).bind(pm2)]),
  );

  /**
   * How pm2's calls are told which process is meant. By name: pm2 takes a number for a name or a namespace first, and
   * another process of the user may be called "3". By number only where the name is not unique.
   */
  async function target(pmId) {
    const rows = await call.list();
    const row = rows.find((each) => each.pm_id === pmId && isOurs(each));
    if (!row) throw new BridgeError('unknown_process', `pm2 has no process ${pmId} of ours`);
    return rows.filter((each) => each.name === row.name).length === 1 ? row.name : pmId;
  }

  async function remove(pmId) {
    try {
      await call.delete(await target(pmId));
    } catch (error) {
      if ((await call.list()).some((row) => row.pm_id === pmId && isOurs(row))) throw error;
    }
    return {};
  }

  return {
    async list() {
      const rows = (await call.list()).filter(isOurs).map(tableRow);
      // What the bus had to say before this table must reach the server before it: let the sockets that are readable
      // now be read first.
      await new Promise((resolve) => setImmediate(resolve));
      return { processes: rows };
    },

    async start({ app }) {
      // pm2 would restart a process of the same name, with the environment it had.
      for (const row of (await call.list()).filter((each) => each.name === app.name)) {
        if (!isOurs(row))
          throw new BridgeError('name_in_use', `another process of pm2, in namespace ${row.pm2_env.namespace}, is called ${app.name}`);
        await remove(row.pm_id);
      }
      // pm2 does not look: it would call the app online, without a process.
      if (!fs.statSync(app.directory, { throwIfNoEntry: false })?.isDirectory())
        throw new BridgeError('no_directory', `there is no folder ${app.directory}`);
      const [row] = (await call.start(startOptions(app, environment))) ?? [];
      const pmId = row?.pm2_env?.pm_id;
      if (Number.isInteger(pmId) && row.process?.pid > 0) return { pmId };
      if (Number.isInteger(pmId)) await remove(pmId);
      throw new BridgeError('not_started', `pm2 could not run npm for ${app.name}; pm2.log in pm2's folder holds the cause`);
    },

    async stop({ pmId }) {
      await call.stop(await target(pmId));
      return {};
    },

    async restart({ pmId }) {
      await call.restart(await target(pmId));
      return {};
    },

    delete: ({ pmId }) => remove(pmId),
  };
}
