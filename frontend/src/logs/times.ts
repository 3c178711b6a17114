const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/** "14:30:05.123" of the reader's own clock; "short": without the milliseconds; "day": with it where it is not today. */
export function clockTime(ms: number, form: "full" | "short" | "day", now = Date.now()): string {
  const at = new Date(ms);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  if (form === "full") return `${time}.${pad(at.getMilliseconds(), 3)}`;
  if (form === "short" || new Date(now).toDateString() === at.toDateString()) return time;
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${time}`;
}
