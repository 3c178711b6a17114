// Figures from rounds. Pure.

const sorted = (values) => [...values].sort((a, b) => a - b);

/** q between 0 and 1, nearest rank; NaN of nothing. */
export function quantile(values, q) {
  const all = sorted(values);
  return all.length ? all[Math.min(all.length - 1, Math.max(0, Math.ceil(q * all.length) - 1))] : NaN;
}

export function median(values) {
  const all = sorted(values);
  const half = Math.floor(all.length / 2);
  return all.length % 2 ? all[half] : (all[half - 1] + all[half]) / 2;
}

/** What a row shows of its rounds. */
export const summary = (values) => ({ median: median(values), min: Math.min(...values), max: Math.max(...values) });

/** Three significant digits, but whole numbers whole: 48231, 3.07, 0.412. */
export function digits(value) {
  if (!Number.isFinite(value)) return '-';
  const most = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(most, 3)).replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : zeros));
}
