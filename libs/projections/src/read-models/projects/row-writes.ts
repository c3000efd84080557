import type { ClosedRow } from './row-ledger.js';

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
