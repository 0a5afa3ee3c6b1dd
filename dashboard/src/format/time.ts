const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dayAndTime = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const dayAndYear = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
});

/** `4 s`, `12 min`, `3 h 20 min`, `9 days`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min`;
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const hours = `${Math.floor(whole / HOUR)} h`;
    return minutes > 0 ? `${hours} ${minutes} min` : hours;
  }
  const days = Math.floor(whole / DAY);
  return days === 1 ? "1 day" : `${days} days`;
}

/** `just now`, `12 min ago`, `in 3 h`; of what is longer ago than a week the day. */
export function ago(at: string, now: number): string {
  const seconds = (now - Date.parse(at)) / 1000;
  if (Math.abs(seconds) > 7 * DAY) return day(at);
  // The present is known to ten seconds, and clocks differ: what seems to come has just been.
  if (seconds > -20 && seconds < 10) return "just now";
  return seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

/** `1 Jun, 03:03` in the reader's own time zone. */
export function moment(at: string): string {
  return dayAndTime.format(new Date(at));
}

/** `1 Jun 2026` in the reader's own time zone. */
export function day(at: string): string {
  return dayAndYear.format(new Date(at));
}

/** Seconds between two moments. */
export function secondsBetween(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / 1000;
}
