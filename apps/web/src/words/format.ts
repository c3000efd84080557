const locale = typeof navigator === 'undefined' ? 'en' : navigator.language;

/** A formatter, made when it is first needed: each costs milliseconds, and the page begins with one or two of them. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const dates = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(locale, options));
const numbers = (options?: Intl.NumberFormatOptions) => once(() => new Intl.NumberFormat(locale, options));

const time = dates({ hour: '2-digit', minute: '2-digit' });
const clock = dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayOfWeek = dates({ weekday: 'long' });
const day = dates({ day: 'numeric', month: 'long' });
const dayOfYear = dates({ day: 'numeric', month: 'long', year: 'numeric' });
const full = dates({ dateStyle: 'medium', timeStyle: 'medium' });
const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const number = numbers();
const bytes = numbers({ style: 'unit', unit: 'byte', unitDisplay: 'narrow' });
const kilobytes = numbers({
  style: 'unit',
  unit: 'kilobyte',
  unitDisplay: 'narrow',
  maximumFractionDigits: 1,
});

const DAY_MS = 86_400_000;

const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());

/** Whole days from one to the other by the clock on the wall. */
function daysBetween(earlier: Date, later: Date): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY_MS);
}

/** 14:05, as the reader's language writes it. */
export function formatTime(at: string): string {
  return time().format(new Date(at));
}

/** Date and time, to the second. */
export function formatMoment(at: string): string {
  return full().format(new Date(at));
}

/** Today, yesterday, Tuesday, 3 May, 3 May 2024: what a reader needs to find the day again. */
export function formatDay(at: string, now: Date = new Date()): string {
  const date = new Date(at);
  const days = daysBetween(date, now);
  if (days >= 0 && days <= 1) return capital(relative().format(-days, 'day'));
  if (days > 1 && days < 7) return dayOfWeek().format(date);
  return date.getFullYear() === now.getFullYear() ? day().format(date) : dayOfYear().format(date);
}

/** 12,345 as the reader's language writes it. */
export function formatNumber(value: number): string {
  return number().format(value);
}

/** The size of a file for people. */
export function formatBytes(size: number): string {
  return size < 1_000 ? bytes().format(size) : kilobytes().format(size / 1_000);
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** 14:05:09, of milliseconds since 1970. */
export function formatClock(at: number): string {
  return clock().format(at);
}
