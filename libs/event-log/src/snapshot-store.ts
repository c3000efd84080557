import type { Database } from '#platform';
import type { Queryable } from './types.js';

/** A small state as of `seq`, for one version of the code that folds it. A cache: it can be folded again. */
export type Snapshot = { streamId: string; seq: number; reducerVersion: number; state: unknown };

const FIND = 'select seq, state from snapshots where stream_id = $1 and reducer_version = $2';
const SAVE = `insert into snapshots as s (stream_id, reducer_version, seq, state) values ($1, $2, $3, $4)
  on conflict (stream_id, reducer_version) do update set seq = excluded.seq, state = excluded.state
  where s.seq < excluded.seq`;

/** The small states that `decide` needs: a cache, one a stream and reducer version, never older than it was. */
export class SnapshotStore {
  constructor(private readonly database: Database) {}

  async find(
    streamId: string,
    reducerVersion: number,
    q?: Queryable,
  ): Promise<{ seq: number; state: unknown } | null> {
    const values = [streamId, reducerVersion];
    const rows = q
      ? await q.query(FIND, values)
      : (await this.database.run({ name: 'event_log_snapshot', text: FIND, values })).rows;
    return (rows[0] as { seq: number; state: unknown } | undefined) ?? null;
  }

  async save({ streamId, seq, reducerVersion, state }: Snapshot): Promise<void> {
    await this.database.run({
      name: 'event_log_save_snapshot',
      text: SAVE,
      values: [streamId, reducerVersion, seq, JSON.stringify(state)],
    });
  }
}
