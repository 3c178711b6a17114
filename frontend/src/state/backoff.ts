/** Milliseconds to wait before attempt number `attempt` (from 0): 0.5 s, doubling, at most 10 s. */
export function backoffMs(attempt: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(attempt, 10));
}
