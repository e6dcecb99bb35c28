/** All times are shown in UTC, as the telemetry has them: readers compare them with queries and with each other. */
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const compact = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });

/** An instant as the API writes it (ISO 8601) or as evidence holds it (epoch ms). */
export type Instant = string | number;

/** As `10:59:53`. */
export function formatClock(at: Instant): string {
  return clock.format(new Date(at));
}

/** As `21 Nov 2026`. */
export function formatDay(at: Instant): string {
  return day.format(new Date(at));
}

/** As `21 Nov 2026, 10:59:53 UTC`. */
export function formatInstant(at: Instant): string {
  return `${formatDay(at)}, ${formatClock(at)} UTC`;
}

/** As `21 Nov 2026, 10:58:42 – 11:00:53 UTC`; names both days where they differ. */
export function formatSpan(from: Instant, to: Instant): string {
  if (formatDay(from) !== formatDay(to)) return `${formatInstant(from)} – ${formatInstant(to)}`;
  const [start, end] = [formatClock(from), formatClock(to)];
  return `${formatDay(from)}, ${start === end ? start : `${start} – ${end}`} UTC`;
}

/** As `812 ms`, `5.8 s`, `3 min 20 s` or `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${formatNumber(durationMs)} ms`;
  const seconds = durationMs / 1_000;
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [
    Math.floor(whole / 3_600),
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (hours > 0) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** As `90 %`. */
export function formatRatio(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

/** Four significant digits, with separators. */
export function formatNumber(value: number): string {
  return compact.format(value);
}

/** Turns a name of ours (`bad-deploy`) into words. */
export function toWords(name: string): string {
  return name.replaceAll('-', ' ');
}

/** The same at the beginning of a line. */
export function toHeading(name: string): string {
  const words = toWords(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
