import type { Pool, QueryConfig } from 'pg';
import { flushStatement } from './flush-statement.js';
import type { HeldUnit } from './held-unit.js';
import { queryWithin } from './query-within.js';
import { sortStatement, verdictsOf, type Verdict } from './sort-statement.js';

/** A statement may run for 5 s; what takes longer is a connection that is gone without a word. */
const ANSWER_MS = 6_500;

/** The two statements of a flush. Both reject with node-postgres errors. */
export class FlushStore {
  constructor(private readonly pool: Pool) {}

  /** Commits the units, all or none. Gives recorded_at (ms since 1970) a unit and part. */
  async send(units: readonly HeldUnit[]): Promise<number[][]> {
    const { query, streamIndex } = flushStatement(units);
    const { ats } = await this.row<{ ats: (string | number)[] | null }>(query);
    return units.map((unit) => unit.parts.map(({ streamId }) => Number(ats?.[streamIndex.get(streamId)!])));
  }

  /** What became of each unit of a flush that failed, in one snapshot. */
  async verdicts(units: readonly HeldUnit[]): Promise<Verdict[]> {
    const { rows } = await queryWithin(this.pool, sortStatement(units), ANSWER_MS);
    return verdictsOf(units, rows);
  }

  private async row<T>(query: QueryConfig): Promise<T> {
    const { rows } = await queryWithin(this.pool, query, ANSWER_MS);
    return rows[0] as T;
  }
}
