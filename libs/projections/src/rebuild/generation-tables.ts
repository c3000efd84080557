import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import type { AnyProjection } from '../projection.js';
import type { AnyTable } from '../tables/read-model-table.js';

/** How long a change of tables may wait for reads before it lets them go first and tries again. */
const LOCK_MS = 100;
const TRIES = 40;
const PAUSE_MS = 250;
/** Rows that one statement removes. */
const CHUNK = 5_000;

/**
 * The tables of generations. A partition is made apart, whole with its indexes, and then attached, which holds up neither reads
 * nor writes of the other generations. Each step may be repeated.
 */
@Injectable()
export class GenerationTables {
  constructor(private readonly database: Database) {}

  async make({ tables, parentTables = [] }: AnyProjection, generation: number): Promise<void> {
    for (const sql of parentTables) await this.database.query(sql);
    for (const table of tables) await this.attach(table, generation);
  }

  /** Nobody may read the generation any more. */
  async drop({ name, tables }: AnyProjection, generation: number): Promise<void> {
    for (const table of tables)
      await this.patiently((q) => q.query(`drop table if exists ${partOf(table, generation)}`));
    for (const place of ['projection_checkpoints', 'parked', 'fold_attempts'])
      await this.empty(place, name, generation);
    await this.database.query(
      `delete from projection_generations where projection = $1 and generation = $2 and status = 'dropping'`,
      [name, generation],
    );
  }

  private async attach(table: AnyTable, generation: number): Promise<void> {
    const part = partOf(table, generation);
    if (await this.isAttached(part)) return;
    await this.patiently(async (q) => {
      await q.query(`drop table if exists ${part}`);
      await q.query(
        `create table ${part} (like ${table.name} including defaults including constraints including indexes including storage)
         with (${settingsOf(table)})`,
      );
      await q.query(`alter table ${table.name} attach partition ${part} for values in (${generation})`);
    });
  }

  private async isAttached(part: string): Promise<boolean> {
    const [row] = await this.database.query<{ attached: boolean }>(
      'select exists (select from pg_inherits where inhrelid = to_regclass($1)) as attached',
      [part],
    );
    return row?.attached ?? false;
  }

  /** A waiting change of a table makes all later reads of it wait: so it waits shortly, and often. */
  private async patiently(change: (q: Queryable) => Promise<unknown>): Promise<void> {
    for (let left = TRIES; ; left -= 1) {
      try {
        await this.database.transaction('READ COMMITTED', async (q) => {
          await q.query(`set local lock_timeout = ${LOCK_MS}`);
          await change(q);
        });
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== '55P03' || left <= 1) throw error;
        await pause(PAUSE_MS * (0.5 + Math.random()));
      }
    }
  }

  private async empty(table: string, projection: string, generation: number): Promise<void> {
    for (;;) {
      const gone = await this.database.query(
        `delete from ${table} where ctid = any (array(
           select ctid from ${table} where projection = $1 and generation = $2 limit ${CHUNK})) returning 1 as gone`,
        [projection, generation],
      );
      if (gone.length < CHUNK) return;
    }
  }
}

function settingsOf({ fillfactor, toastTupleTarget }: AnyTable): string {
  return `fillfactor = ${fillfactor}${toastTupleTarget ? `, toast_tuple_target = ${toastTupleTarget}` : ''}`;
}

function partOf({ name }: AnyTable, generation: number): string {
  return `${name}_g${generation}`;
}
