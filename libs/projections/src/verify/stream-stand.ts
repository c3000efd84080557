import type { EventLog, StreamInfo } from '#event-log';
import type { Database, Queryable } from '#platform';
import { readCheckpoint, type Checkpoint } from '../checkpoints/checkpoint.js';
import type { ReadableGeneration } from '../checkpoints/generation-catalog.js';
import type { ReadModelRows } from '../tables/read-model-table.js';
import { storedRows } from './stored-rows.js';

/** What one projection has of a stream. */
export type ProjectionStand = ReadableGeneration & { checkpoint: Checkpoint; stored: ReadModelRows[] };

/** A stream and what is stored of it, all in one snapshot of the database. */
export type StreamStand = {
  stream: StreamInfo;
  head: number;
  /** Without deltas, which alone hold no stream on the work list. */
  listedHead: number;
  pending: boolean;
  projections: ProjectionStand[];
};

/** Null where there is no such stream. Nothing is folded while the snapshot is open: events never change, so that can wait. */
export function standOf(
  database: Database,
  log: EventLog,
  streamId: string,
  readable: (q: Queryable) => Promise<ReadableGeneration[]>,
): Promise<StreamStand | null> {
  return database.transaction('REPEATABLE READ', async (q) => {
    const stream = await log.info(streamId, q);
    if (!stream) return null;
    const projections: ProjectionStand[] = [];
    for (const { projection, generation } of await readable(q)) {
      if (projection.kind !== stream.kind) continue;
      const checkpoint = await readCheckpoint(q, { projection: projection.name, generation, streamId });
      const stored = await storedRows(q, projection, { generation, streamId });
      projections.push({ projection, generation, checkpoint, stored });
    }
    const [listed] = await q.query<{ head: number; pending: boolean }>(
      `select coalesce((
           select e.seq from events e where e.stream_id = $1 and e.type <> 'StreamDeltaReceived'
           order by e.seq desc limit 1), 0) as head,
         exists (select from pending p where p.stream_id = $1) as pending`,
      [streamId],
    );
    const head = await log.head(streamId, q);
    return {
      stream,
      head,
      listedHead: listed?.head ?? 0,
      pending: listed?.pending ?? false,
      projections,
    };
  });
}
