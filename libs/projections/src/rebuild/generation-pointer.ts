import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import { GenerationCatalog } from '../checkpoints/generation-catalog.js';

/** As in `settle_pending`: whoever holds it alone knows that no settling that began before is still to end. */
const SETTLE_FENCE = 7_041_766_202;

/** Which generation of a projection is live, and which counts: every change is one transaction. */
@Injectable()
export class GenerationPointer {
  constructor(
    private readonly database: Database,
    private readonly catalog: GenerationCatalog,
  ) {}

  /** From now on the generation counts for every stream, and is fed with those that it has nothing of. */
  async setCopied(projection: string, generation: number): Promise<void> {
    await this.database.transaction('READ COMMITTED', async (q) => {
      await q.query('select pg_advisory_xact_lock($1)', [SETTLE_FENCE]);
      await q.query(
        `update projection_generations set copied_at = now(), fed_at = now(), status = 'building'
         where projection = $1 and generation = $2 and status in ('building', 'retained')`,
        [projection, generation],
      );
    });
    this.catalog.forget();
  }

  /**
   * Makes the generation the live one; the one that was is kept, to roll back to. With the same transaction's `also`.
   * False, with nothing changed, where it is none that may become live.
   */
  async flip(
    projection: string,
    generation: number,
    also: (q: Queryable) => Promise<boolean>,
  ): Promise<boolean> {
    const refused = new Error('not flipped');
    try {
      await this.database.transaction('READ COMMITTED', async (q) => {
        await q.query(
          `update projection_generations set status = 'retained', retained_at = now(), fed_at = now()
           where projection = $1 and status = 'live'`,
          [projection],
        );
        const made = await q.query(
          `update projection_generations set status = 'live', retained_at = null
           where projection = $1 and generation = $2
             and (status = 'retained' or (status = 'building' and copied_at is not null)) returning 1 as made`,
          [projection, generation],
        );
        if (made.length !== 1 || !(await also(q))) throw refused;
      });
      return true;
    } catch (error) {
      if (error === refused) return false;
      throw error;
    } finally {
      this.catalog.forget();
    }
  }

  /** Nobody reads or feeds it from now on; its rows go when no read that began before can be at them. */
  async discard(projection: string, generation: number): Promise<void> {
    await this.database.query(
      `update projection_generations set status = 'dropping', retained_at = now()
       where projection = $1 and generation = $2 and status <> 'live'`,
      [projection, generation],
    );
    this.catalog.forget();
  }
}
