import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { ProjectionRunner } from '../running/projection-runner.js';
import { PendingRepair } from '../running/pending-repair.js';
import type { AnyProjection } from '../projection.js';

const PAGE = 500;
const AT_ONCE = 4;
/** So long another process that is at a stream is waited for. */
const WAIT_MS = 2_000;

/** Goes over all streams of a generation; `page` is told how many more were looked at, and false from it ends the work. */
export type PageListener = (streams: number, workedMs: number) => Promise<boolean>;

/** Brings a generation up to the log, stream by stream: those that it has nothing of yet too. */
@Injectable()
export class Reconciler {
  constructor(
    private readonly database: Database,
    private readonly runner: ProjectionRunner,
    private readonly repair: PendingRepair,
  ) {}

  /**
   * Each stream reaches the head that it had when its page began, or is parked, or stands in `pending`: so nothing that
   * is behind is on no list afterwards. False where `page` ended it.
   */
  async reconcile({ name, kind }: AnyProjection, generation: number, page: PageListener): Promise<boolean> {
    await this.repair.repair({ generation: { projection: name, generation } });
    let after: string | null = null;
    for (;;) {
      const began = performance.now();
      const streams: { id: string; behind: boolean }[] = await this.database.query(
        `select s.stream_id as id, coalesce(c.seq, 0) < h.seq and k.stream_id is null as behind
         from (
           select stream_id from streams where kind = $3 and ($4::uuid is null or stream_id > $4) order by stream_id limit ${PAGE}
         ) s
         cross join lateral (select e.seq from events e where e.stream_id = s.stream_id order by e.seq desc limit 1) h
         left join projection_checkpoints c on c.projection = $1 and c.generation = $2 and c.stream_id = s.stream_id
         left join parked k on k.projection = $1 and k.generation = $2 and k.stream_id = s.stream_id
         order by s.stream_id`,
        [name, generation, kind, after],
      );
      await this.project(streams.filter(({ behind }) => behind).map(({ id }) => id));
      if (!(await page(streams.length, performance.now() - began))) return false;
      if (streams.length < PAGE) return true;
      after = streams.at(-1)?.id ?? null;
    }
  }

  /** What fails or is busy stands in `pending`, and comes up later. */
  private async project(streamIds: string[]): Promise<void> {
    const work = async (): Promise<void> => {
      for (let id = streamIds.pop(); id !== undefined; id = streamIds.pop()) {
        const outcome = await this.runner.project(id);
        if (outcome === 'busy') await this.runner.project(id, { wait: true, budgetMs: WAIT_MS });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}
