// The long run, by hand: `scripts/chaos --kills 300 --seed 7` prints the figures of what it survived, or what broke and how.
import { parseArgs } from 'node:util';

import { chaos } from './run.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    kills: { type: 'string', default: '300' },
    first: { type: 'string', default: '0' },
    within: { type: 'string', default: '5' },
    'go-on': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});
const options = Object.fromEntries(['seed', 'kills', 'first', 'within'].map((name) => [name, Number(values[name])]));
let told = 0;
const onRound = ({ rounds, killed, mendedMs, seconds }, failures) => {
  while (told < failures.length) console.log(failures[told++]);
  if (!values.quiet) console.error(`round ${rounds}: ${killed} kills, all right within ${mendedMs.max} ms at most, ${seconds} s`);
};
try {
  console.log(JSON.stringify(await chaos({ ...options, goOn: values['go-on'], onRound }), null, 2));
} catch (error) {
  console.log(error.stack);
  console.log(JSON.stringify(error.figures, null, 2));
  process.exitCode = 1;
}
