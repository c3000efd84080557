import { Injectable, Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { copyLine, Database, type Queryable } from '#platform';
import type { AnyProjection } from '../projection.js';
import { toLogged } from '../reading/logged-events.js';
import type { ReadModelTable } from '../tables/read-model-table.js';
import { copyLines } from './copy-rows.js';
import type { Rebuild } from './rebuild.js';
import type { Bucket } from './rebuild-store.js';
import { COPIED_EVENTS, StreamPages, type PagedStream } from './stream-pages.js';
import { WholeFold } from './whole-fold.js';

const CHECKPOINTS = ['projection', 'generation', 'stream_id', 'seq', 'state'];

type Lines = Map<ReadModelTable<unknown>, string[]>;
type Copied = { lines: Lines; checkpoints: string[]; streams: number; events: number; rows: number };

/**
 * Copies the streams of a bucket into a new generation, whole, a page at a time: rows, checkpoints and the cursor in one
 * transaction. A stream that cannot be folded, and a fork, are left to the projectors, which come later, park, and say why.
 */
@Injectable()
export class BucketCopier {
  private readonly logger = new Logger('BucketCopier');

  constructor(
    private readonly database: Database,
    private readonly pages: StreamPages,
    private readonly whole: WholeFold,
  ) {}

  /** Copies the page after the cursor. `stopped`: the rebuild does not run any more, or another process is at the bucket. */
  async page(
    client: PoolClient,
    rebuild: Rebuild,
    projection: AnyProjection,
    bucket: Bucket,
  ): Promise<{ bucket: Bucket; state: 'more' | 'done' | 'stopped' }> {
    const q: Queryable = { query: async (sql, values) => (await client.query(sql, values)).rows };
    const after = bucket.cursor ?? bucket.after;
    const page = await this.pages.next(q, { kind: projection.kind, after, upTo: bucket.upTo });
    const copied = await this.foldAll(q, rebuild, projection, page.streams);
    const next = { ...bucket, cursor: page.cursor ?? bucket.cursor };
    const committed = await this.commit(client, rebuild, { before: bucket, next, done: page.last }, copied);
    return { bucket: next, state: committed ? (page.last ? 'done' : 'more') : 'stopped' };
  }

  private async foldAll(
    q: Queryable,
    { generation }: Rebuild,
    projection: AnyProjection,
    streams: PagedStream[],
  ): Promise<Copied> {
    const copied: Copied = { lines: new Map(), checkpoints: [], streams: streams.length, events: 0, rows: 0 };
    for (const { stream, beginning } of streams) {
      if (!beginning) continue;
      const events = beginning.events.map(toLogged);
      const upTo = events.length < COPIED_EVENTS ? beginning.head : (events.at(-1)?.seq ?? beginning.head);
      const folded = await this.whole.of(q, { projection, generation, stream, events, upTo });
      if (!folded.ok) {
        this.logger.warn(
          `${projection.name} of ${stream.streamId}: seq ${folded.seq} is left to projectors: ${folded.problem}`,
        );
        continue;
      }
      for (const { table, rows } of folded.rows) {
        const lines = copied.lines.get(table) ?? [];
        copied.lines.set(table, lines);
        for (const row of rows) lines.push(copyLine(table.copyValues(row)));
        copied.rows += rows.length;
      }
      copied.events += upTo;
      copied.checkpoints.push(
        copyLine([projection.name, generation, stream.streamId, upTo, JSON.stringify(folded.state)]),
      );
    }
    return copied;
  }

  /** False when the cursor is not where it was, or the rebuild does not run: nothing is written then. */
  private async commit(
    client: PoolClient,
    { id }: Rebuild,
    { before, next, done }: { before: Bucket; next: Bucket; done: boolean },
    copied: Copied,
  ): Promise<boolean> {
    await client.query('begin; set local synchronous_commit = off; set local statement_timeout = 60000');
    try {
      const moved = await client.query(
        `update rebuild_buckets b set cursor = $4, done = $5, streams = b.streams + $6, events = b.events + $7, rows = b.rows + $8
         from rebuilds r where r.id = $1 and r.status = 'running' and r.phase = 'copying'
           and b.rebuild_id = r.id and b.bucket = $2 and b.cursor is not distinct from $3::uuid and not b.done`,
        [id, before.bucket, before.cursor, next.cursor, done, copied.streams, copied.events, copied.rows],
      );
      if (moved.rowCount === 1) {
        for (const [table, lines] of copied.lines) await copyLines(client, table.name, table.names, lines);
        await copyLines(client, 'projection_checkpoints', CHECKPOINTS, copied.checkpoints);
      }
      await client.query(moved.rowCount === 1 ? 'commit' : 'rollback');
      return moved.rowCount === 1;
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }
}
