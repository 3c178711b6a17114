// The requests, done with pm2's own calls. Only rows of our namespace are ever touched, and of those only the ones whose name and
// working directory (and log file, where that is asked) were asked for, as they are in the table at that moment: pm2's ids begin anew with each daemon, and another Berth
// on the same pm2 may have an app of the same name.
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { directoryOf, isOurs, isRowOf, outputOf, startOptions, tableRow } from './rows.mjs';

class BridgeError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const isDirectory = (name) => fs.statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;

const isOnPath = (program, environment) =>
  (environment.PATH ?? '').split(':').some((folder) => {
    try {
      fs.accessSync(path.resolve(folder, program), fs.constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const howToGet = (program) => (program === 'npm' ? 'install Node.js with npm' : `install it (npm install -g ${program})`);

export function makeOperations(pm2, environment) {
  const list = promisify(pm2.list).bind(pm2);
  const start = promisify(pm2.start).bind(pm2);

  // By id, and past pm2's command line, which takes a number for a name first. The daemon cannot have been replaced since the row was
  // read: the bridge ends with its connection.
  const remote = (action, pmId) =>
    new Promise((resolve, reject) => {
      pm2.Client.executeRemote(action, pmId, (error, row) => (error ? reject(error) : resolve(row)));
    });

  async function each(app, action, word, choose = (rows) => rows) {
    const rows = choose((await list()).filter((row) => isRowOf(row, app)));
    const act = async ({ pm_id: pmId }) => {
      try {
        await remote(action, pmId);
        pm2.Client.notifyGod(word, pmId); // as pm2's own commands do: the bus then tells of it
      } catch (error) {
        if ((await list()).some((row) => row.pm_id === pmId && isOurs(row) && row.name === app.name)) throw error;
      }
    };
    await Promise.all(rows.map(act));
    return {};
  }
  const remove = (app) => each(app, 'deleteProcessId', 'delete');
  const runsFirst = (a, b) => Number(b.pid > 0) - Number(a.pid > 0) || a.pm_id - b.pm_id;
  const removeDoubles = (app) => each(app, 'deleteProcessId', 'delete', (rows) => rows.sort(runsFirst).slice(1));

  /** pm2 would restart a process of the same name, whoever's it is, with the environment it had. */
  async function makeWay(app) {
    await remove(app);
    for (const row of (await list()).filter((each) => each.name === app.name)) {
      const directory = directoryOf(row);
      if (!isOurs(row))
        throw new BridgeError('name_in_use', `another process of pm2, in namespace ${row.pm2_env.namespace}, is called ${app.name}`);
      // Of a root that was moved since, and of nobody's: where it was started, or wrote its log, there is nothing any more.
      if (isDirectory(directory) && isDirectory(path.dirname(outputOf(row))))
        throw new BridgeError('name_in_use', `pm2 has ${app.name} of another Berth, in ${directory}; delete it there, or give this one a pm2 of its own (PM2_HOME)`);
      await remove({ name: app.name, directory });
    }
  }

  return {
    async list() {
      const rows = (await list()).filter(isOurs).map(tableRow);
      // What the bus had to say before this table must reach the server before it: let the sockets that are readable
      // now be read first.
      await new Promise((resolve) => setImmediate(resolve));
      return { processes: rows };
    },

    async start({ app }) {
      await makeWay(app);
      // pm2 does not look: it would call the app online, without a process.
      if (!isDirectory(app.directory)) throw new BridgeError('no_directory', `there is no folder ${app.directory}`);
      const [program] = app.command;
      if (!isOnPath(program, environment))
        throw new BridgeError('not_installed', `${program} was not found on the PATH that Berth was started with; ${howToGet(program)}, and start Berth again`);
      const [row] = (await start(startOptions(app, environment))) ?? [];
      const { pm_id: pmId, pm_uptime: startedAt } = row?.pm2_env ?? {};
      if (Number.isInteger(pmId) && row.process?.pid > 0) return { pmId, pid: row.process.pid, startedAt };
      await remove(app);
      throw new BridgeError('not_started', `pm2 could not run ${program} for ${app.name}; pm2.log in pm2's folder holds the cause`);
    },

    stop: ({ app }) => each(app, 'stopProcessId', 'stop'),

    delete: ({ app }) => remove(app),

    deleteDoubles: ({ app }) => removeDoubles(app),
  };
}
