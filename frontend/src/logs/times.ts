const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/** "14:30:05.123" of the reader's own clock, with the day where it is another than today's. */
export function clockTime(ms: number, withDay = false, now = Date.now()): string {
  const at = new Date(ms);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  if (!withDay) return `${time}.${pad(at.getMilliseconds(), 3)}`;
  const today = new Date(now).toDateString() === at.toDateString();
  return today ? time : `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${time}`;
}
