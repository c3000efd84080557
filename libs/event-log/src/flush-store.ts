import type { Pool, PoolClient } from 'pg';
import { flushStatement } from './flush-statement.js';
import type { HeldUnit } from './held-unit.js';
import { KnownHeads } from './known-heads.js';
import { connectedWithin, queryWithin } from './query-within.js';
import { sortStatement, verdictsOf, type Verdict } from './sort-statement.js';

/** A statement may run for 5 s; what takes longer is a connection that is gone without a word. */
const ANSWER_MS = 6_500;

const SERVER = `select concat_ws(' ', pg_postmaster_start_time(), inet_server_addr(), oid) as server
  from pg_database where datname = current_database()`;

/** The two statements of a flush. Both reject with node-postgres errors. */
export class FlushStore {
  private readonly heads = new KnownHeads();
  private readonly servers = new WeakMap<PoolClient, string>();

  constructor(private readonly pool: Pool) {}

  /** Commits the units, all or none. Gives recorded_at (ms since 1970) a unit and part. */
  async send(units: readonly HeldUnit[]): Promise<number[][]> {
    const { ats, streamIndex } = await connectedWithin(this.pool, ANSWER_MS, async (client) => {
      const server = await this.serverOf(client);
      const { query, streamIndex, ends } = flushStatement(units, (id, seq) => this.heads.at(server, id, seq));
      const { rows } = await client.query<{ ats: (string | number)[] | null }>(query);
      const ats = (rows[0]?.ats ?? []).map(Number);
      for (const [streamId, n] of streamIndex)
        this.heads.committed(streamId, { server, seq: ends[n]!, at: ats[n]! });
      return { ats, streamIndex };
    });
    return units.map((unit) => unit.parts.map(({ streamId }) => ats[streamIndex.get(streamId)!]!));
  }

  /**
   * Which server a connection is to, and since when that one runs. What was known before the connection was made is forgotten, as
   * something may have happened to the server since.
   */
  private async serverOf(client: PoolClient): Promise<string> {
    const known = this.servers.get(client);
    if (known !== undefined) return known;
    const { rows } = await client.query<{ server: string }>(SERVER);
    this.heads.forget();
    this.servers.set(client, rows[0]!.server);
    return rows[0]!.server;
  }

  /** What became of each unit of a flush that failed, in one snapshot. */
  async verdicts(units: readonly HeldUnit[]): Promise<Verdict[]> {
    const { rows } = await queryWithin(this.pool, sortStatement(units), ANSWER_MS);
    return verdictsOf(units, rows);
  }
}
