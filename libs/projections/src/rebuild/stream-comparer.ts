import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import { Database, type Queryable } from '#platform';
import { readCheckpoint, type Checkpoint } from '../checkpoints/checkpoint.js';
import type { AnyProjection } from '../projection.js';
import { readAll } from '../reading/logged-events.js';
import { differencesOf } from '../verify/row-differences.js';
import { storedRows } from '../verify/stored-rows.js';
import type { RebuildDifference } from './rebuild.js';
import { WholeFold } from './whole-fold.js';

/** The new generation of a projection, and what was live when it was begun; `live` null: nothing. */
export type Compared = {
  projection: AnyProjection;
  generation: number;
  live: { projection: AnyProjection; generation: number } | null;
};

type Side = {
  against: RebuildDifference['against'];
  projection: AnyProjection;
  generation: number;
  at: Checkpoint;
};

/** Folding a long stream takes longer than an idle transaction may otherwise. */
const LONG_MS = 60_000;

/**
 * Compares the rows of one stream, in the new generation and in the live one, each at its own checkpoint, with what the new
 * code's fold makes of the events up to there. So a stream that is written to all the time is compared like any other: where
 * both are the fold, they are equal. All in one snapshot.
 */
@Injectable()
export class StreamComparer {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly whole: WholeFold,
  ) {}

  /** What differs; nothing where the rows are the same. */
  compare(streamId: string, { projection, generation, live }: Compared): Promise<RebuildDifference[]> {
    return this.database.transaction('REPEATABLE READ', async (q) => {
      await q.query(`set local idle_in_transaction_session_timeout = ${LONG_MS}`);
      const stream = await this.log.info(streamId, q);
      if (!stream) throw new Error(`stream ${streamId} is not there`);
      const place = { projection: projection.name, streamId };
      const fresh = await readCheckpoint(q, { ...place, generation });
      const sides: Side[] = [{ against: 'fold', projection, generation, at: fresh }];
      const old = live && (await readCheckpoint(q, { ...place, generation: live.generation }));
      if (live && old) sides.push({ against: 'live', ...live, at: old });
      const differences = await this.differences(q, stream, { projection, generation }, sides);
      if (old && (fresh.parkedAt === null) !== (old.parkedAt === null)) {
        const difference = { parkedAt: fresh.parkedAt, liveParkedAt: old.parkedAt };
        return [
          ...differences.filter(({ against }) => against === 'fold'),
          { streamId, against: 'live', difference },
        ];
      }
      return differences;
    });
  }

  private async differences(
    q: Queryable,
    stream: StreamInfo,
    code: Pick<Compared, 'projection' | 'generation'>,
    sides: Side[],
  ): Promise<RebuildDifference[]> {
    const { streamId } = stream;
    const folds = new Map<number, Awaited<ReturnType<StreamComparer['fold']>>>();
    const found: RebuildDifference[] = [];
    for (const { against, projection, generation, at } of sides) {
      if (!at.begun) continue;
      const folded = folds.get(at.seq) ?? (await this.fold(q, stream, code, at.seq));
      folds.set(at.seq, folded);
      const rows = await storedRows(q, projection, { generation, streamId });
      const difference = folded.ok
        ? differencesOf(rows, folded.rows)
        : { seq: folded.seq, problem: folded.problem };
      if (!Array.isArray(difference) || difference.length > 0) found.push({ streamId, against, difference });
    }
    return found;
  }

  private async fold(
    q: Queryable,
    stream: StreamInfo,
    code: Pick<Compared, 'projection' | 'generation'>,
    upTo: number,
  ) {
    const range = { after: seamOf(stream), upTo, withoutDeltas: true };
    const events = await readAll(this.log, stream.streamId, range, q);
    return this.whole.of(q, { ...code, stream, events, upTo });
  }
}
