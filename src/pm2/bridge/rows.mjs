// What leaves the bridge of pm2's records, and what goes into a new one. Pure.
//
// pm2's records carry the whole environment of the user, secrets included, and merged into the record itself: fields are
// therefore picked one by one, never copied.

export const namespace = 'app-orchestrator';

export const isOurs = (row) => row?.pm2_env?.namespace === namespace;

export const directoryOf = (row) => String(row.pm2_env.pm_cwd ?? '');
export const outputOf = (row) => String(row.pm2_env.pm_out_log_path ?? '');

/** Whether the row is the one that is meant. `log`: where the folder is an adopted one, which another Berth may have too. */
export const isRowOf = (row, { name, directory, log }) =>
  isOurs(row) && row.name === name && directoryOf(row) === directory && (!log || outputOf(row) === log);

const integer = (value) => (Number.isSafeInteger(value) ? value : null);

/** One row of the table, as the server gets it. */
export function tableRow(row) {
  const env = row.pm2_env;
  const port = Number(env.PORT);
  return {
    pmId: row.pm_id,
    name: String(row.name),
    directory: directoryOf(row),
    output: outputOf(row),
    pid: integer(row.pid) ?? 0,
    status: String(env.status),
    port: Number.isInteger(port) && port > 0 && port < 65536 ? port : 0,
    startedAt: integer(env.pm_uptime) ?? 0,
    exitCode: integer(env.exit_code),
    memory: integer(row.monit?.memory) ?? 0,
  };
}

/** A bus message of the topic process:event. `signal`: what ended the wrapper, or null. */
export function eventMessage(message, signal) {
  const process = message.process;
  return {
    type: 'event',
    event: String(message.event),
    name: String(process.name),
    pmId: integer(process.pm_id) ?? 0,
    startedAt: integer(process.pm_uptime) ?? 0,
    status: String(process.status),
    exitCode: message.event === 'exit' ? integer(process.exit_code) : null,
    signal: message.event === 'exit' ? signal : null,
    at: integer(message.at) ?? Date.now(),
  };
}

/**
 * What pm2.start is given: requirements section 7.2.
 *
 * max_restarts 0 of that section is left out: pm2 7.0.4 drops a 0 before it reaches the daemon, and a daemon that got it
 * would call every exit `errored`, a wanted stop too (God.handleExit: unstable_restarts >= max_restarts). The bus could
 * then no longer tell a crash from a stop. autorestart false is enough.
 */
export function startOptions(app, environment) {
  const env = { ...environment, PWD: app.directory, PORT: String(app.port) };
  if (app.category !== null) env.CATEGORY = app.category;
  env.NEXT_TELEMETRY_DISABLED ??= '1';
  return {
    name: app.name,
    namespace,
    // The shell notes which session it leads (pm2 starts each app in one of its own) and becomes the package manager. Whoever inherits the
    // note and is in another session, an editor that the app opened say, is not a part of the app: src/machine goes by it.
    script: '/bin/sh',
    args: ['-c', 'export BERTH_SESSION=$$; exec "$@"', 'sh', ...app.command],
    // As it is found. pm2 would run it with node, and a package manager may be a shell script or a binary (asdf, volta).
    interpreter: 'none',
    cwd: app.directory,
    env,
    // pm2 would merge the bridge's environment in. Each entry drops the variables whose name contains it: '' drops all.
    filter_env: [''],
    output: app.output,
    error: app.error,
    merge_logs: true, // else pm2 puts its id into the names of the log files
    autorestart: false,
    watch: false,
    pmx: false,
    vizion: false,
  };
}
