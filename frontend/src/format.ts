// How numbers and times are written everywhere. Fixed shapes, so that columns keep their width.

/** "45s", "12m 03s", "3h 20m", "2d 4h": two units at most. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (n: number) => String(n).padStart(2, "0");
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${pad(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${pad(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** "09:05:30", of the clock on the wall: as wide at noon as at midnight. */
export function clock(ms: number): string {
  const date = new Date(ms);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

export function ago(ms: number): string {
  if (ms < 1_500) return "just now";
  if (ms < 60_000) return `${Math.floor(ms / 1000)} s ago`;
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min ago`;
  return `${Math.floor(ms / 3_600_000)} h ago`;
}

export function megabytes(mb: number): string {
  return `${Math.round(mb)} MB`;
}

/** For totals, where four digits of MB say less than one decimal of GB. */
export function memory(mb: number): string {
  return mb < 1024 ? megabytes(mb) : `${(mb / 1024).toFixed(1)} GB`;
}

export function percent(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} %`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
