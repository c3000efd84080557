import type { ClosedRow } from './row-ledger.js';

/** The rows that the fold closed must stand as it knew them: else nothing of it may be written. */
export function requireHit(table: string, wanted: number, found: number): void {
  if (found !== wanted) throw new Error(`${table}: ${wanted} rows to change, ${found} found`);
}

/** Closed rows as `json_to_recordset` takes them, with their patches as they are. */
export function closedJson<Key, Fields>(closed: ClosedRow<Key, Fields>[]): string {
  return JSON.stringify(
    closed.map(({ key, validFrom, validTo, patch }) => ({
      key,
      valid_from: validFrom,
      valid_to: validTo,
      patch,
    })),
  );
}
