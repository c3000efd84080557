import type { ProjectionReportResource } from '#contracts';
import { sumOf, type Sample } from './metrics-text.js';

/** What the page saw at one moment. */
export type Point = {
  /** Seconds since 1970. */
  at: number;
  /** By projection. */
  lag: Record<string, number>;
  /** Events that this process has written and projected since it started; by projection. */
  written: number;
  projected: Record<string, number>;
};

/** Points that are kept: ten minutes, one every two seconds. */
export const MOST_POINTS = 300;

export function pointOf(
  at: number,
  reports: readonly ProjectionReportResource[],
  samples: readonly Sample[],
): Point {
  const names = reports.map(({ projection }) => projection);
  const projected = (projection: string) => sumOf(samples, 'chatlog_projected_events_total', { projection });
  return {
    at,
    lag: Object.fromEntries(reports.map(({ projection, lagEvents }) => [projection, lagEvents])),
    written: sumOf(samples, 'chatlog_events_total'),
    projected: Object.fromEntries(names.map((name) => [name, projected(name)])),
  };
}

/** Events a second between two points; null where the process was another one: its counters began anew. */
export function rateBetween(before: number, after: number, seconds: number): number | null {
  return after < before || seconds <= 0 ? null : (after - before) / seconds;
}

/** The newest rates; null before there are two points. */
export function ratesOf(history: readonly Point[]): {
  written: number | null;
  projected: Record<string, number | null>;
} {
  const [before, after] = [history.at(-2), history.at(-1)];
  if (!before || !after) return { written: null, projected: {} };
  const seconds = after.at - before.at;
  const projected = Object.entries(after.projected).map(([name, count]) => [
    name,
    rateBetween(before.projected[name] ?? 0, count, seconds),
  ]);
  return {
    written: rateBetween(before.written, after.written, seconds),
    projected: Object.fromEntries(projected) as Record<string, number | null>,
  };
}
