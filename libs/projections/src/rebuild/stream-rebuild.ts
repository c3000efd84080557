import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import { Database } from '#platform';
import { moveCheckpoints, readCheckpoint } from '../checkpoints/checkpoint.js';
import { GenerationCatalog, type FedGeneration } from '../checkpoints/generation-catalog.js';
import { readAll } from '../reading/logged-events.js';
import { ProjectionSession } from '../running/projection-session.js';
import { differencesOf } from '../verify/row-differences.js';
import { storedRows } from '../verify/stored-rows.js';
import { RebuildNotPossible, StreamAbsent } from './rebuild-errors.js';
import { WholeFold } from './whole-fold.js';

/** `changed`: the rows were not what the events make of them. */
export type RebuiltStream = { projection: string; generation: number; changed: boolean };

/** So long a projector of the stream is waited for. */
const LOCK_MS = 5_000;
const LOCK_RETRY_MS = 20;

/** Folds one stream anew, from its first event to its head, and puts the rows in the place of those that were there. */
@Injectable()
export class StreamRebuild {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly catalog: GenerationCatalog,
    private readonly whole: WholeFold,
  ) {}

  /** In each kept generation by itself. @throws StreamAbsent, RebuildNotPossible */
  async rebuild(streamId: string, only?: string): Promise<RebuiltStream[]> {
    const stream = await this.log.info(streamId);
    if (!stream) throw new StreamAbsent(streamId);
    const session = await ProjectionSession.open(this.database);
    try {
      const done: RebuiltStream[] = [];
      for (const fed of await this.catalog.fed()) {
        const { kind, name } = fed.projection;
        if (kind !== stream.kind || !fed.copied || (only !== undefined && only !== name)) continue;
        done.push(await this.one(session, stream, fed));
      }
      return done;
    } finally {
      session.release();
    }
  }

  private async one(
    session: ProjectionSession,
    stream: StreamInfo,
    fed: FedGeneration,
  ): Promise<RebuiltStream> {
    const { projection, generation } = fed;
    const { streamId } = stream;
    const key = { projection: projection.name, generation, streamId };
    for (const until = performance.now() + LOCK_MS; !(await session.lock(key)); await pause(LOCK_RETRY_MS)) {
      if (performance.now() >= until)
        throw new RebuildNotPossible(`${projection.name} of ${streamId} is being projected: try again`);
    }
    const upTo = await this.log.head(streamId, session);
    const range = { after: seamOf(stream), upTo, withoutDeltas: true };
    const events = await readAll(this.log, streamId, range, session);
    const folded = await this.whole.of(session, {
      projection,
      generation,
      stream,
      events,
      upTo,
      lane: 'suspect',
    });
    if (!folded.ok) {
      await session.unlock(key);
      throw new RebuildNotPossible(
        `${projection.name}: event ${folded.seq} cannot be folded: ${folded.problem}`,
      );
    }
    const { seq } = await readCheckpoint(session, key);
    const changed =
      seq === upTo &&
      differencesOf(await storedRows(session, projection, { generation, streamId }), folded.rows).length > 0;
    await session.transaction(async () => {
      for (const { name, streamColumn } of projection.tables)
        await session.query(`delete from ${name} where generation = $1 and ${streamColumn} = $2`, [
          generation,
          streamId,
        ]);
      const values = [key.projection, generation, streamId];
      for (const table of ['projection_checkpoints', 'parked', 'fold_attempts'])
        await session.query(
          `delete from ${table} where projection = $1 and generation = $2 and stream_id = $3`,
          values,
        );
      for (const { table, rows } of folded.rows) await table.insertRows(session, rows);
      const { version } = projection;
      const move = { ...key, version, from: 0, to: upTo, state: folded.state };
      return moveCheckpoints(session, streamId, [move]);
    });
    await session.unlock(key);
    return { projection: projection.name, generation, changed };
  }
}
