/**
 * What a failed statement means for its units.
 * - conflict: a key stands already, or a head is not where it was expected; rolled back.
 * - data: the database will never take it; rolled back.
 * - lock: deadlock, serialisation or lock time-out; rolled back, worth another try.
 * - storage_full: rolled back, not worth another try now.
 * - unknown: the connection, the server or the time ran out; it may have been committed.
 * - broken: the database does not fit this code (a missing function or right); rolled back.
 */
export type SqlFailure = 'conflict' | 'data' | 'lock' | 'storage_full' | 'unknown' | 'broken';

/** Raised by `append_units` when a head is not where the unit expects it. */
const HEAD_MISMATCH = 'LC001';
const UNIQUE_VIOLATION = '23505';
const LOCK_STATES = new Set(['40P01', '40001', '55P03']);
const DISK_FULL = '53100';
const DATA_CLASSES = new Set(['22', '23', '54']);
const BROKEN_CLASSES = new Set(['0A', '28', '3D', '3F', '42']);

/** node-postgres gives no `code` when a connection dies, so no five-character code means unknown. */
export function sqlStateOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

export function sqlFailureOf(error: unknown): SqlFailure {
  const state = sqlStateOf(error);
  if (state === null) return 'unknown';
  if (state === HEAD_MISMATCH || state === UNIQUE_VIOLATION) return 'conflict';
  if (state === DISK_FULL) return 'storage_full';
  if (LOCK_STATES.has(state)) return 'lock';
  if (DATA_CLASSES.has(state.slice(0, 2))) return 'data';
  if (BROKEN_CLASSES.has(state.slice(0, 2))) return 'broken';
  return 'unknown';
}
