/** How numbers are written: the same width while they change, exact where someone looks twice. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const threeDigits = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });
// Made once: with 64 workers on a page, to make one for each number each second is what takes longest.
const dateAndTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
const time = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hourCycle: 'h23' });

/** Nothing is known: said with a dash, never with a zero. */
export const UNKNOWN = '–';

export function count(value: number | null): string {
  return value === null ? UNKNOWN : whole.format(value);
}

export function exact(value: number): string {
  return threeDigits.format(value);
}

/** 4.0, 59.5, 118, 12,340: a digit behind the point only while it tells something. */
export function rate(value: number | null): string {
  if (value === null) return UNKNOWN;
  return value < 99.95 ? oneDigit.format(value) : whole.format(value);
}

/** 0 %, 0.03 %, 4.2 %, 100 %; a share above zero never reads as zero. */
export function percent(share: number | null): string {
  if (share === null) return UNKNOWN;
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.01) return '< 0.01 %';
  if (value > 99.9) return `${(Math.floor(value * 100) / 100).toFixed(2)} %`;
  return `${value.toFixed(value < 1 ? 2 : 1)} %`;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Powers of ten, as networks are sold: 950 B, 4.2 MB. */
export function bytes(value: number | null): string {
  if (value === null) return UNKNOWN;
  const power = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** power;
  return `${power === 0 || scaled >= 99.95 ? whole.format(scaled) : oneDigit.format(scaled)} ${units[power] ?? ''}`;
}

/** The two largest parts: 12 s, 3 min 4 s, 3 h 12 min, 5 d 2 h. */
export function duration(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86_400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d ${Math.floor((s % 86_400) / 3600)} h`;
}

/** Seconds from one ISO time to another, both of the server's clock. */
export function secondsBetween(from: string | null, to: string): number | null {
  return from === null ? null : (Date.parse(to) - Date.parse(from)) / 1000;
}

/** The moment, in the viewer's time zone, for hovering. */
export function moment(iso: string | null): string {
  return iso === null ? '' : dateAndTime.format(new Date(iso));
}

/** A short time, to two or three digits: 0.21 ms, 18 ms, 1.25 s, 61 s. */
export function short(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  if (seconds < 0.99995) return `${digits(seconds * 1000)} ms`;
  return `${digits(seconds)} s`;
}

function digits(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : whole.format(value);
}

/** The time of day in the viewer's time zone, for what is known to be of today. */
export function timeOfDay(iso: string): string {
  return time.format(new Date(iso));
}

/** The same of a moment in seconds since the epoch. */
export function clock(seconds: number): string {
  return time.format(seconds * 1000);
}

/** Controls, what turns the direction of writing, what cannot be seen: with them a line could pretend to be another. */
const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Text that somebody else wrote, with nothing in it that cannot be seen; a tab stays. */
export function visible(text: string): string {
  return text.replace(unseen, (one) =>
    one === '\t' ? one : `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
