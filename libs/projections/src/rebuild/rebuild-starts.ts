import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import { GenerationCatalog } from '../checkpoints/generation-catalog.js';
import { ProjectionRegistry } from '../projection-registry.js';
import { ProjectionUnknown, RebuildRunning } from './rebuild-errors.js';
import type { Rebuild, RebuildPhase, RebuildRequest } from './rebuild.js';
import { RebuildStore } from './rebuild-store.js';
import { Throttle } from './throttle.js';

/** Records new rebuilds, with their generation; workers find them. */
@Injectable()
export class RebuildStarts {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly store: RebuildStore,
    private readonly catalog: GenerationCatalog,
    private readonly throttle: Throttle,
  ) {}

  /** Makes a new generation of this code's newest version. @throws ProjectionUnknown, RebuildRunning */
  async start(request: RebuildRequest): Promise<Rebuild> {
    const projection = this.registry.newest(request.projection);
    if (!projection) throw new ProjectionUnknown(request.projection, this.registry.names);
    const { name, version, kind } = projection;
    return this.record(request, 'copying', async (q) => {
      // a number is used once: others may still think of one that is gone
      const [made] = await q.query<{ generation: number }>(
        `insert into projection_generations (projection, generation, version, status, stream_kind)
         select $1, 1 + greatest(
             (select coalesce(max(generation), 0) from projection_generations where projection = $1),
             (select coalesce(max(generation), 0) from rebuilds where projection = $1)), $2, 'building', $3
         returning generation`,
        [name, version, kind],
      );
      return { generation: made?.generation ?? 1, version };
    });
  }

  /** A kept generation that nobody has fed for a while is brought up to the log, compared, and made live again. */
  async revive(
    request: RebuildRequest,
    generation: { generation: number; version: number },
  ): Promise<Rebuild> {
    return this.record(request, 'reconciling', async () => generation);
  }

  private async record(
    { projection, dryRun = false, acceptDiff = false, requestedBy }: RebuildRequest,
    phase: RebuildPhase,
    generationOf: (q: Queryable) => Promise<{ generation: number; version: number }>,
  ): Promise<Rebuild> {
    const id = randomUUID();
    const baseline = await this.throttle.requestMs();
    try {
      await this.database.transaction('READ COMMITTED', async (q) => {
        const { generation, version } = await generationOf(q);
        await q.query(
          `insert into rebuilds (id, projection, generation, version, live_generation, status, phase, dry_run, accept_diff,
             requested_by, baseline_ms)
           select $1, $2, $3, $4, (select generation from projection_generations where projection = $2 and status = 'live'),
             'running', $5, $6, $7, $8, $9`,
          [id, projection, generation, version, phase, dryRun, acceptDiff, requestedBy, baseline],
        );
      });
    } catch (error) {
      const open = await this.store.open(projection);
      if ((error as { code?: string }).code === '23505' && open) throw new RebuildRunning(open);
      throw error;
    }
    this.catalog.forget();
    const rebuild = await this.store.find(id);
    if (!rebuild) throw new Error(`rebuild ${id} was recorded and is not there`);
    return rebuild;
  }
}
