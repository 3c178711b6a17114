// One line of the table. Pure.
import { summary } from './stats.mjs';

/**
 * name: short, unique. what: for people. unit. ours, peer: one value a round, in their order; peer may be absent (a goal without a
 * peer). goal: for people. met: of the summaries {ours, peer, ratio} to a boolean. ratio: how many times better ours is; `better` is
 * 'higher' or 'lower' and says which way that goes. notes: further figures, for people.
 */
export function row({ name, what, unit, better, ours, peer, peerName, goal, met, notes = [] }) {
  const mine = summary(ours);
  const theirs = peer ? summary(peer) : null;
  const ratio = theirs && (better === 'higher' ? mine.median / theirs.median : theirs.median / mine.median);
  const rounds = ours.map((value, i) => ({ ours: value, ...(peer && { peer: peer[i] }) }));
  return { name, what, unit, better, ours: mine, peer: theirs && { name: peerName, ...theirs }, ratio, goal, met: met({ ours: mine.median, peer: theirs?.median, ratio }), rounds, notes };
}

export const atLeast = (times) => ({ goal: `≥ ${times} ×`, met: ({ ratio }) => ratio >= times });
export const under = (limit, unit) => ({ goal: `< ${limit} ${unit}`, met: ({ ours }) => ours < limit });
export const atMostTimes = (times) => ({ goal: `≤ ${times} times`, met: ({ ours, peer }) => ours <= times * peer });
export const atMost = (limit, unit) => ({ goal: `≤ ${limit} ${unit}`, met: ({ ours }) => ours <= limit });
