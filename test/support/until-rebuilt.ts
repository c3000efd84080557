import type { Database } from '#platform';
import type { Rebuild } from '#projections';
import type { RebuildProcess } from './rebuilds.js';

/**
 * Rounds of this process's worker until the rebuild is over or waits for a word. `afterCopy` is SQL that is run once when all
 * is copied, before anything is compared.
 */
export async function untilRebuilt(
  { worker, rebuilds, store, afterCopy }: RebuildProcess & { afterCopy?: string },
  id: string,
  database?: Database,
): Promise<Rebuild> {
  for (let round = 0, harm = afterCopy; round < 100; round += 1) {
    const before = await rebuilds.get(id);
    if (harm && database && before && before.streamsTotal > 0 && (await store.openBuckets(id)).length === 0) {
      await database.query(harm);
      harm = undefined;
    }
    await worker.tick();
    const rebuild = await rebuilds.get(id);
    if (rebuild && rebuild.status !== 'running') return rebuild;
  }
  throw new Error(`rebuild ${id} was not over after 100 rounds: ${JSON.stringify(await rebuilds.get(id))}`);
}
