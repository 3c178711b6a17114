// What a chaos run does, from its seed alone: which operations, which process is killed, and when. Pure: the same seed gives the same
// plan on every machine, so that a failure can be replayed. (The same plan, not the same interleaving: how far an operation has
// got when the kill comes is the machine's affair.)

/** mulberry32: 32 bits of state, good enough to spread kills, and the same everywhere. Numbers in [0, 1). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const weighted = (next, table) => {
  const total = table.reduce((sum, [, weight]) => sum + weight, 0);
  let at = next() * total;
  for (const [value, weight] of table) if ((at -= weight) < 0) return value;
  return table.at(-1)[0];
};

/** One entry is one moment: everything in it dies at once. Two entries: the second comes while the first is being mended. */
const scenarios = [
  [[['server']], 22],
  [[['bridge']], 14],
  [[['daemon']], 18],
  [[['server', 'bridge']], 5],
  [[['server', 'daemon']], 7],
  [[['bridge', 'daemon']], 5],
  [[['server', 'bridge', 'daemon']], 4],
  [[['server'], ['server']], 5],
  [[['bridge'], ['bridge']], 3],
  [[['daemon'], ['bridge']], 6],
  [[['daemon'], ['daemon']], 3],
  [[['daemon'], ['server']], 4],
  [[['frozen']], 5],
  [[['resurrected']], 5],
  [[['resurrected'], ['server']], 3],
  [[['mounted']], 5],
  [[['mounted', 'server']], 3],
  [[['readonly']], 5],
  [[['readonly'], ['server']], 3],
];

/** Faults that last for a while, in ms: from and to. */
const lasting = { frozen: [2500, 6000], mounted: [500, 2000], readonly: [500, 2500] };

const operations = [
  ['create', 16],
  ['stop', 16],
  ['restart', 24],
  ['sleep', 16],
  ['wake', 6],
  ['open', 12],
  ['delete', 10],
  ['read', 16],
];

/** A fault waits for the nth request of a kind (or for the first of any kind), and then a while. */
function moment(next) {
  const on = weighted(next, [['any', 3], ['create', 3], ['stop', 3], ['restart', 3], ['sleep', 3], ['open', 3], ['delete', 3]]);
  const r = next();
  return { on, ms: Math.round(1000 * r * r) }; // early moments more often: that is when things are half done
}

/** Round `number` of the run. `workers` clients work at once, each through a list of its own. */
export function planRound(seed, number, workers = 3) {
  const next = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const lists = Array.from({ length: workers }, () =>
    Array.from({ length: 12 }, () => ({
      op: weighted(next, operations),
      pick: next(),
      pause: Math.round(next() * 120),
    })),
  );
  const scenario = weighted(next, scenarios);
  const faults = scenario.map((targets, i) => ({
    targets,
    when: i === 0 ? moment(next) : { on: null, ms: Math.round(next() ** 2 * 900) },
    lasts: lasting[targets[0]] && Math.round(lasting[targets[0]][0] + next() * (lasting[targets[0]][1] - lasting[targets[0]][0])),
  }));
  // Every fourth round an app's own process dies too.
  const noise =
    next() < 0.25 ? { kind: next() < 0.5 ? 'wrapper' : 'inner', pick: next(), ms: Math.round(next() * 800) } : null;
  return { number, lists, faults, noise, rest: Math.round(next() * 300) };
}
