import { createHash } from 'node:crypto';
import { canonicalJson } from '#model';
import { comparableRows, countedColumns, type ComparedRows } from './comparable-rows.js';

/**
 * Hex SHA-256 of the rows of one stream in one projection: the same for the same rows in any generation, at any order, by
 * whichever batches they came to be. Of a row in flight only what does not lag is in it.
 */
export function digestOf(all: readonly ComparedRows[]): string {
  const hash = createHash('sha256');
  for (const { table, byKey } of comparableRows(all)) {
    if (byKey.size > 0) hash.update(`${table.name}\n`);
    for (const row of byKey.values()) {
      const counted = countedColumns(table, row).map((name) => [name, row[name]] as const);
      hash.update(`${canonicalJson(Object.fromEntries(counted))}\n`);
    }
  }
  return hash.digest('hex');
}
