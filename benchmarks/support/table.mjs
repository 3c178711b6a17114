// The table for people. Pure.
import { digits } from './stats.mjs';

const spread = ({ median, min, max }) => `${digits(median)} (${digits(min)}–${digits(max)})`;
const verdict = (met) => (met === null ? '' : met ? 'yes' : 'NO');

const columns = [
  ['', (r) => r.what],
  ['unit', (r) => r.unit],
  ['Berth', (r) => spread(r.ours)],
  ['peer', (r) => (r.peer ? `${spread(r.peer)} ${r.peer.name}` : '')],
  ['times better', (r) => (r.peer ? digits(r.ratio) : '')],
  ['goal', (r) => r.goal],
  ['met', (r) => verdict(r.met)],
];

/** Markdown, as README.md holds it. */
export function table(rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const cells = rows.map((r) => columns.map(([, of]) => of(r)));
  const widths = columns.map(([title], i) => Math.max(3, title.length, ...cells.map((row) => row[i].length)));
  const padded = (row) => line(row.map((cell, i) => cell.padEnd(widths[i])));
  return [padded(columns.map(([title]) => title)), line(widths.map((w) => '-'.repeat(w))), ...cells.map(padded)].join('\n');
}

export const notes = (rows) => rows.flatMap((r) => r.notes.map((note) => `- ${r.name}: ${note}`)).join('\n');

export function about(m) {
  const versions = Object.entries(m.versions).map(([name, version]) => `${name === 'compiler' ? '' : `${name} `}${version}`);
  return `${m.date.slice(0, 16).replace('T', ' ')} UTC, berth ${m.revision}; ${m.cpu}, ${m.memoryGB} GB, ${m.system}; load at the start ${m.load}; ${versions.join(', ')}`;
}
