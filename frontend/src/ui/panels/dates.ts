/** How long ago something was, in words. */

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
/** From this many days on, the date says more than their number. */
const DAYS_COUNTED = 7;

/** Return `at` as seen from `now`: "now", "5 minutes ago", "yesterday", "12 March". */
export function whenWas(at: Date, now: Date, tag: string): string {
  if (Number.isNaN(at.getTime())) return "";
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  // A server whose clock is ahead writes nothing that has not happened yet.
  const passedS = Math.max(0, (now.getTime() - at.getTime()) / 1000);
  const days = daysBetween(at, now);
  if (passedS < MINUTE_S) return relative.format(0, "second");
  if (passedS < HOUR_S) return relative.format(-Math.floor(passedS / MINUTE_S), "minute");
  if (days === 0) return relative.format(-Math.floor(passedS / HOUR_S), "hour");
  if (days < DAYS_COUNTED) return relative.format(-days, "day");
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(tag, {
    day: "numeric",
    month: "long",
    ...(!sameYear && { year: "numeric" }),
  }).format(at);
}

/** Return the time of day of a moment; "" where it is none. */
export function timeOf(at: Date, _now: Date, tag: string): string {
  if (Number.isNaN(at.getTime())) return "";
  return at.toLocaleTimeString(tag, { hour: "numeric", minute: "2-digit" });
}

/** Return when something was said: the time alone where it was on the day that stands above it. */
export function momentOf(at: Date, above: Date, tag: string): string {
  if (Number.isNaN(at.getTime())) return "";
  const time = timeOf(at, above, tag);
  if (at.toDateString() === above.toDateString()) return time;
  const year = at.getFullYear() === above.getFullYear() ? undefined : "numeric";
  const day = new Intl.DateTimeFormat(tag, { day: "numeric", month: "short", year }).format(at);
  return `${day}, ${time}`;
}

/** Return a day such as "2026-05-09" in words; "" where it is none. */
export function dayOf(day: string, tag: string): string {
  const at = new Date(`${day}T00:00`); // local, as it was meant
  if (Number.isNaN(at.getTime())) return "";
  return new Intl.DateTimeFormat(tag, {
    weekday: "short",
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(at);
}

/** Return how many midnights lie between two moments, in local time. */
export function daysBetween(at: Date, now: Date): number {
  const midnight = (date: Date): number =>
    new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.max(0, Math.round((midnight(now) - midnight(at)) / 1000 / DAY_S)); // DST: 23 or 25 h
}
