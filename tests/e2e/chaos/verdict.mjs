// Holds what Berth says against what is so: pure, from one observation of everything. Each complaint is a sentence; none means that
// all is right.

/** The statuses that are true of an app, by spec section 3. `row`: pm2's, or undefined; `tree`: the living processes under row.pid. */
export function trueStatus(app, row, tree, listens) {
  const ends = !row || ['stopped', 'errored'].includes(row.status);
  if (app.asleep) return ends ? 'stopped' : `awake (pm2 says ${row.status})`;
  if (!row) return app.startedAt === null ? 'stopped' : 'unknown';
  if (['online', 'launching', 'waiting restart', 'one-launch-status'].includes(row.status)) {
    if (tree.length === 0) return 'a row of pm2 without a process'; // pm2 is about to notice: not at rest
    return listens ? 'online' : 'launching';
  }
  if (['stopped', 'errored'].includes(row.status)) return app.intent === 'stop' ? 'stopped' : 'errored';
  return `not at rest (pm2 says ${row.status})`;
}

const duplicates = (values) => values.filter((value, i) => values.indexOf(value) !== i);

function statuses({ apps, table, family, ports, treeOf, serverPid }) {
  const found = [];
  const held = ports(family.filter((p) => p.pid === serverPid));
  for (const app of apps) {
    const row = table.find((r) => r.name === `orch-${app.id}` && r.cwd.endsWith(`/${app.id}`));
    const tree = row?.pid ? treeOf(row.pid, family) : [];
    const truth = trueStatus(app, row, tree, ports(tree).has(app.port));
    if (truth === 'launching') found.push(`${app.id} is still launching`); // the small apps bind within a second
    if (app.status !== truth) found.push(`${app.id} is shown as ${app.status}, and is ${truth}`);
    if (held.has(app.port) !== app.asleep) found.push(`${app.id} ${app.asleep ? 'sleeps, and nobody holds' : 'does not sleep, and Berth holds'} its port`);
    if (app.operation !== null) found.push(`${app.id} is still ${app.operation}`);
    if (app.pmId !== (row?.pmId ?? null)) found.push(`${app.id}: pmId is shown as ${app.pmId}, and is ${row?.pmId}`);
    const running = ['online', 'launching'].includes(truth);
    if (app.pid !== (running ? row.pid : 0)) found.push(`${app.id}: pid is shown as ${app.pid}, and is ${running ? row.pid : 0}`);
    if (running && app.intent !== 'run') found.push(`${app.id} runs with intent ${app.intent}`);
    if (['errored', 'unknown'].includes(app.status) && !app.statusReason) found.push(`${app.id} is ${app.status} without a reason`);
    // Who has lost its pm2, or its wrapper, may live on until it is restarted, stopped or deleted: nothing else may.
    const strays = family.filter((p) => p.app === app.id && !tree.some((t) => t.pid === p.pid));
    if (strays.length > 0 && (running || truth === 'stopped' || (app.status === 'unknown' && app.intent === 'stop')))
      found.push(`${app.id} is ${truth} with intent ${app.intent}, but ${strays.map((p) => p.pid)} of it live outside of pm2`);
  }
  return found;
}

function owners({ apps, table, family, serverPid, root, files, operations, orphans, neighbours }, resurrected) {
  const found = neighbours.map((text) => `the other Berth: ${text}`);
  const ids = new Set(apps.map((app) => app.id));
  for (const p of family) {
    const where = p.cwd.startsWith(`${root}/`) ? /^created-apps\/([^/ ]+)/.exec(p.cwd.slice(root.length + 1))?.[1] : null;
    const what = `process ${p.pid} (${p.command.slice(0, 60)})`;
    if (p.scaffolds) found.push(`${what} still scaffolds ${p.scaffolds}`);
    else if (p.app && !ids.has(p.app)) found.push(`${what} is of ${p.app}, which does not exist`);
    else if (where && !ids.has(where)) found.push(`${what} works in the folder of ${where}, which does not exist`);
    else if (p.isBridge && p.parent !== serverPid) found.push(`${what} is a bridge without a server`);
    else if (!p.app && !p.isBridge && !p.isDaemon && p.pid !== serverPid) found.push(`${what} belongs to nothing`);
  }
  const count = (test) => family.filter(test).length;
  if (count((p) => p.isBridge) !== 1) found.push(`there are ${count((p) => p.isBridge)} bridges`);
  if (count((p) => p.isDaemon) !== 1) found.push(`there are ${count((p) => p.isDaemon)} pm2 daemons`);

  const rows = table.filter((row) => row.namespace === 'app-orchestrator' && row.cwd.startsWith(`${root}/`));
  for (const row of rows) {
    const app = apps.find((a) => row.name === `orch-${a.id}`);
    if (!app) found.push(`pm2 has ${row.name} (${row.status}), which does not exist`);
    else if (row.port !== app.port) found.push(`pm2 has ${row.name} on port ${row.port}, which is ${app.port}`);
  }
  for (const name of duplicates(rows.map((row) => row.name))) found.push(`pm2 has ${name} twice`);
  for (const orphan of orphans.filter((o) => !o.foreign)) found.push(`health tells of the orphan ${orphan.name}`);
  for (const o of operations) found.push(`the create of ${o.name} is still shown as ${o.phase}`);

  for (const name of files.apps) if (!ids.has(name)) found.push(`created-apps/${name} belongs to nothing`);
  for (const id of ids) if (!files.apps.includes(id)) found.push(`${id} has no folder`);
  for (const name of files.logs) {
    const id = /^orch-(.+)-(out|error)\.log$/.exec(name)?.[1];
    if (ids.has(id)) continue;
    // Nothing announces that pm2 began them anew; Berth looks every 10 s.
    if (resurrected.has(id) && files.fresh.includes(name)) continue;
    found.push(`logs/${name} belongs to nothing`);
  }
  for (const [folder, left] of [['trash', files.trash], ['journal', files.journal]])
    for (const name of left) found.push(`.berth/${folder} still has ${name}`);
  for (const name of files.root)
    if (!['.berth', 'created-apps', 'logs', 'manifest.json'].includes(name)) found.push(`${name} lies in the root`);
  if (files.backups.length > 20) found.push(`there are ${files.backups.length} backups`);
  for (const name of files.backups) if (name.startsWith('.')) found.push(`backups/${name} was left`);
  return found;
}

function kept({ apps, manifest, portRange, problems }) {
  const found = [];
  if (typeof manifest === 'string') return [`manifest.json does not parse: ${manifest}`];
  const entries = Object.values(manifest.apps);
  for (const port of duplicates(entries.map((entry) => entry.port))) found.push(`port ${port} is given twice`);
  for (const { id, port } of entries) if (port < portRange[0] || port > portRange[1]) found.push(`${id} has port ${port}`);
  for (const app of apps) {
    const entry = manifest.apps[app.id];
    if (!entry) found.push(`${app.id} is shown, and not in the manifest`);
    else
      for (const field of ['name', 'category', 'port', 'createdAt', 'intent', 'status', 'asleep', 'pid', 'pmId'])
        if (entry[field] !== app[field]) found.push(`${app.id}: ${field} is ${entry[field]} in the manifest and shown as ${app[field]}`);
  }
  for (const id of Object.keys(manifest.apps)) if (!apps.some((app) => app.id === id)) found.push(`${id} is in the manifest, and not shown`);
  for (const problem of problems) found.push(`a problem is told: ${problem.code}: ${problem.detail}`);
  return found;
}

/** Everything that is not as it should be at rest. `resurrected`: see Model. */
export function verdict(seen, resurrected) {
  if (seen.error) return [seen.error];
  if (!seen.table) return ["pm2's daemon does not answer"];
  return [...kept(seen), ...owners(seen, resurrected), ...statuses(seen)];
}
