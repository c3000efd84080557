import { UsageError } from './usage-error.js';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** @throws UsageError */
export function asId(name: string, value: string | undefined): string {
  if (value !== undefined && UUID.test(value)) return value.toLowerCase();
  throw new UsageError(
    `${name} must be an id, such as 0192f0c8-8a5e-7cc0-b2c4-3a4f2a1d9e10, not ${JSON.stringify(value ?? null)}`,
  );
}

/** @throws UsageError */
export function asWhole(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError(
    `${name} must be a whole number from ${least} to ${most}, not ${JSON.stringify(value)}`,
  );
}

/** @throws UsageError */
export function asNumber(name: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (value.trim() !== '' && number >= least && number <= most) return number;
  throw new UsageError(`${name} must be a number from ${least} to ${most}, not ${JSON.stringify(value)}`);
}

/** @throws UsageError */
export function asSeq(name: string, value: string): number {
  return asWhole(name, value, 1, Number.MAX_SAFE_INTEGER);
}
