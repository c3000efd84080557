import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#platform';
import type { AnyProjection } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';
import { GenerationPointer } from './generation-pointer.js';
import { Reconciler } from './reconciler.js';
import type { Rebuild } from './rebuild.js';
import { RebuildStore, type RebuildProgress } from './rebuild-store.js';
import { StreamComparer, type Compared } from './stream-comparer.js';
import { streamsOf } from './stream-pages.js';
import { Throttle } from './throttle.js';

const PAGE = 50;

/**
 * What comes after copying: the generation is brought up to the log, compared with the fold and with the live rows, and made
 * live. Each phase may be begun again: one whose process died is.
 */
@Injectable()
export class RebuildFinisher {
  private readonly logger = new Logger('RebuildFinisher');

  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
    private readonly store: RebuildStore,
    private readonly pointer: GenerationPointer,
    private readonly reconciler: Reconciler,
    private readonly comparer: StreamComparer,
    private readonly throttle: Throttle,
  ) {}

  /** Goes through the phases that are left until the rebuild is over, or runs no more. */
  async finish(rebuild: Rebuild, projection: AnyProjection): Promise<void> {
    const baseline = await this.store.baseline(rebuild.id);
    let { phase } = rebuild;
    if (phase === 'copying' || phase === 'reconciling') {
      await this.pointer.setCopied(projection.name, rebuild.generation);
      await this.database.query(
        'update rebuilds set copied_at = coalesce(copied_at, clock_timestamp()) where id = $1',
        [rebuild.id],
      );
      await this.store.enter(rebuild.id, 'reconciling');
      let compared = 0;
      const whole = await this.reconciler.reconcile(
        projection,
        rebuild.generation,
        async (streams, workedMs) => {
          compared += streams;
          return this.goesOn(rebuild.id, { compared, differing: null }, { workedMs, baseline });
        },
      );
      if (!whole) return;
      phase = 'comparing';
    }
    if (phase === 'comparing') {
      await this.store.enter(rebuild.id, 'comparing');
      const differing = await this.compare(rebuild, projection, baseline);
      if (differing === null || !(await this.mayGoLive(rebuild, differing))) return;
    }
    await this.goLive(rebuild, projection);
  }

  /** How many streams differ; null: the rebuild runs no more. */
  private async compare(
    rebuild: Rebuild,
    projection: AnyProjection,
    baseline: number | null,
  ): Promise<{ live: number; fold: number } | null> {
    await this.store.forgetDifferences(rebuild.id);
    const compared = await this.comparedTo(rebuild, projection);
    const differing = { live: 0, fold: 0 };
    let after: string | null = null;
    for (let looked = 0; ;) {
      const began = performance.now();
      const streams: string[] = await streamsOf(
        this.database,
        { kind: projection.kind, after, upTo: null },
        PAGE,
      );
      for (const streamId of streams) {
        for (const difference of await this.comparer.compare(streamId, compared)) {
          differing[difference.against] += 1;
          await this.store.noteDifference(rebuild.id, difference);
        }
      }
      looked += streams.length;
      const progress = { compared: looked, differing: differing.live + differing.fold };
      if (!(await this.goesOn(rebuild.id, progress, { workedMs: performance.now() - began, baseline })))
        return null;
      if (streams.length < PAGE) return differing;
      after = streams.at(-1) ?? null;
    }
  }

  private async comparedTo(rebuild: Rebuild, projection: AnyProjection): Promise<Compared> {
    const { generation } = rebuild;
    const [live] = await this.database.query<{ generation: number; version: number }>(
      `select generation, version from projection_generations where projection = $1 and status = 'live'`,
      [projection.name],
    );
    const code = live && (this.registry.find(projection.name, live.version) ?? projection);
    return {
      projection,
      generation,
      live: live && code ? { projection: code, generation: live.generation } : null,
    };
  }

  /** Whether it may become live now; what it becomes otherwise is noted. */
  private async mayGoLive(
    rebuild: Rebuild,
    { live, fold }: { live: number; fold: number },
  ): Promise<boolean> {
    const { id, dryRun, acceptDiff, generation, projection } = rebuild;
    if (fold > 0) {
      const error = `the rows of ${fold} streams are not the fold of their events`;
      if (await this.store.move(id, { from: ['running'], to: 'failed', phase: 'over', error }))
        await this.pointer.discard(projection, generation);
      this.logger.error(`rebuild ${id} of ${projection} failed: ${error}`);
      return false;
    }
    if (dryRun) {
      if (await this.store.move(id, { from: ['running'], to: 'done', phase: 'over' }))
        await this.pointer.discard(projection, generation);
      return false;
    }
    if (live === 0 || acceptDiff) return true;
    await this.store.move(id, { from: ['running'], to: 'awaiting_acceptance', phase: 'flipping' });
    this.logger.warn(
      `rebuild ${id} of ${projection}: the rows of ${live} streams differ from the live ones: it waits`,
    );
    return false;
  }

  private async goLive({ id, generation }: Rebuild, { name }: AnyProjection): Promise<void> {
    await this.store.enter(id, 'flipping');
    const done = { from: ['running'], to: 'done', phase: 'over' } as const;
    if (await this.pointer.flip(name, generation, (q) => this.store.move(id, done, q)))
      this.logger.log(`generation ${generation} of ${name} is live`);
  }

  private async goesOn(
    id: string,
    progress: RebuildProgress,
    { workedMs, baseline }: { workedMs: number; baseline: number | null },
  ): Promise<boolean> {
    if (!(await this.store.noteProgress(id, progress))) return false;
    await this.throttle.rest(workedMs, baseline);
    return true;
  }
}
