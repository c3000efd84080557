import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config, Database } from '#platform';
import { ProjectionRegistry } from '../projection-registry.js';
import { GenerationPointer } from './generation-pointer.js';
import { GenerationTables } from './generation-tables.js';
import { RebuildLocks } from './rebuild-locks.js';

const EVERY_MS = 15_000;
/** Longer than any read, so none that began while the generation could be read finds its rows gone. */
const READS_END = '60 seconds';

type Found = { projection: string; generation: number };

/** Removes generations that nobody wants: those kept for a rollback longer than the set time, and those that never went live. */
@Injectable()
export class GenerationJanitor {
  private readonly logger = new Logger('GenerationJanitor');
  private cleanedAt = Number.NEGATIVE_INFINITY;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'keepGenerationHours'>,
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly pointer: GenerationPointer,
    private readonly tables: GenerationTables,
    private readonly locks: RebuildLocks,
  ) {}

  /** Now and then, however often it is called; one process at a time. */
  async clean(): Promise<void> {
    if (performance.now() - this.cleanedAt < EVERY_MS) return;
    this.cleanedAt = performance.now();
    await this.locks.hold('janitor', async () => {
      for (const { projection, generation } of await this.outlived()) {
        await this.pointer.discard(projection, generation);
        this.logger.log(`generation ${generation} of ${projection} is kept no longer`);
      }
      for (const { projection, generation } of await this.unread()) {
        // which tables it has this code knows, or that of another release
        const known = this.registry.newest(projection);
        if (known) await this.tables.drop(known, generation);
      }
    });
  }

  private outlived(): Promise<Found[]> {
    return this.database.query<Found>(
      `select projection, generation from projection_generations g
       where status = 'retained' and retained_at < now() - make_interval(mins => ($1 * 60)::integer)
         and not exists (
           select from rebuilds r where r.projection = g.projection and r.generation = g.generation
             and r.status in ('running', 'paused', 'awaiting_acceptance'))`,
      [this.config.keepGenerationHours],
    );
  }

  private unread(): Promise<Found[]> {
    return this.database.query<Found>(
      `select projection, generation from projection_generations
       where status = 'dropping' and retained_at < now() - interval '${READS_END}'`,
    );
  }
}
