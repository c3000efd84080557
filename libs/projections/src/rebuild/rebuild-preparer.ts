import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#platform';
import type { AnyProjection } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';
import { bucketRanges } from './bucket-ranges.js';
import { GenerationTables } from './generation-tables.js';
import { RebuildLocks } from './rebuild-locks.js';
import { RebuildStarts } from './rebuild-starts.js';
import { RebuildRunning } from './rebuild-errors.js';
import type { Rebuild } from './rebuild.js';

const COUNT_MS = 60_000;

/** What a rebuild begins with: its tables and its buckets; and the rebuild that a new projection begins with. */
@Injectable()
export class RebuildPreparer {
  private readonly logger = new Logger('RebuildPreparer');
  private readonly begun = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly tables: GenerationTables,
    private readonly locks: RebuildLocks,
    private readonly starts: RebuildStarts,
  ) {}

  /** Begins to build each projection of this code that the database has nothing of yet. */
  async buildNew(): Promise<void> {
    for (const name of this.registry.names) {
      if (this.begun.has(name)) continue;
      const known = await this.database.query(
        'select 1 from projection_generations where projection = $1 limit 1',
        [name],
      );
      if (known.length === 0) await this.build(name);
      this.begun.add(name);
    }
  }

  /** True when it made the buckets now; false when they are there already, or another process makes them. */
  async prepare(rebuild: Rebuild, projection: AnyProjection): Promise<boolean> {
    if (await this.hasBuckets(rebuild.id)) return false;
    let made = false;
    await this.locks.hold(`${rebuild.id}:prepare`, async () => {
      if (await this.hasBuckets(rebuild.id)) return;
      await this.tables.make(projection, rebuild.generation);
      await this.database.transaction('READ COMMITTED', async (q) => {
        await q.query(`set local statement_timeout = ${COUNT_MS}`);
        const { total, ranges } = await bucketRanges(q, projection.kind);
        await q.query('update rebuilds set streams_total = $2 where id = $1', [rebuild.id, total]);
        await q.query(
          `insert into rebuild_buckets (rebuild_id, bucket, after_id, up_to_id)
           select $1, n - 1, after_id, up_to_id from unnest($2::uuid[], $3::uuid[]) with ordinality as b (after_id, up_to_id, n)`,
          [rebuild.id, ranges.map(({ after }) => after), ranges.map(({ upTo }) => upTo)],
        );
      });
      made = true;
    });
    return made;
  }

  private async build(name: string): Promise<void> {
    try {
      await this.starts.start({ projection: name, requestedBy: 'the projection is new' });
      this.logger.log(`projection ${name} is new: it is being built`);
    } catch (error) {
      // another process was faster
      if (!(error instanceof RebuildRunning)) throw error;
    }
  }

  private async hasBuckets(id: string): Promise<boolean> {
    return (
      (await this.database.query('select 1 from rebuild_buckets where rebuild_id = $1 limit 1', [id]))
        .length > 0
    );
  }
}
