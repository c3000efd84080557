import { Injectable } from '@nestjs/common';
import { EventLog, type StreamInfo, type StreamKind } from '#event-log';
import type { Marker } from '#model';
import { Database, type Queryable } from '#platform';
import { GenerationCatalog } from '../checkpoints/generation-catalog.js';
import { PositionBeyondHead } from '../errors.js';
import type { FoldedChanges, Projection } from '../projection.js';
import { BATCH } from '../running/stream-projector.js';
import { ProjectionRunner } from '../running/projection-runner.js';
import { FoldBases } from './fold-bases.js';
import type { Layer } from './layers.js';
import { readAll, toLogged } from './logged-events.js';
import { ReadFolds } from './read-folds.js';
import { mayRead, type Reader } from './reader.js';

/** A read that meets more unprojected events than a batch projects for so long first. */
const PROJECT_FIRST_MS = 1_000;

/** One stream in one snapshot of the database, at one seq. */
export type Snapshot = {
  q: Queryable;
  stream: StreamInfo;
  head: number;
  at: number;
  epoch: string;
  eager: boolean;
};

/** The rows of a projection as of `rowsAt`, and what the events in (rowsAt, at] change in them. */
export type Standing<Changes> = {
  generation: number;
  /** Whose rows they are: of a fork its ancestors' too, oldest first; the last one is the stream that `rowsAt` falls in. */
  layers: Layer[];
  rowsAt: number;
  changes: Changes | null;
  markers: Marker[];
  suspect: boolean;
};

/** The tail is so long that it should be projected before it is folded. */
class TailTooLong extends Error {}

/**
 * Exact reads of one stream, however far its projections lag: the generation pointer, the rows, the checkpoint and
 * the events after it come from one REPEATABLE READ snapshot (separate statements gave 5 % wrong reads: measured), and
 * the events are folded by the projector's own code.
 */
@Injectable()
export class Snapshots {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
    private readonly folds: ReadFolds,
    private readonly bases: FoldBases,
    private readonly catalog: GenerationCatalog,
  ) {}

  /**
   * Gives `work` the conversation, or the project, at `at` or at its head. Null when there is none for this reader.
   * @throws PositionBeyondHead, ReadUnavailable
   */
  async read<T>(
    reader: Reader,
    streamId: string,
    at: number | undefined,
    work: (snapshot: Snapshot) => Promise<T>,
    kind: StreamKind = 'conversation',
  ): Promise<T | null> {
    const epoch = await this.log.epoch();
    const attempt = (eager: boolean): Promise<T | null> =>
      this.database.transaction('REPEATABLE READ', async (q) => {
        const stream = await this.log.info(streamId, q);
        if (!stream || stream.kind !== kind || !mayRead(reader, stream)) return null;
        const head = await this.log.head(streamId, q);
        if (at !== undefined && at > head) throw new PositionBeyondHead(at, head);
        return work({ q, stream, head, at: at ?? head, epoch, eager });
      });
    try {
      return await attempt(false);
    } catch (error) {
      if (!(error instanceof TailTooLong)) throw error;
    }
    // what another projector holds or what is parked stays as it is: the rest of the tail is folded below
    await this.runner.project(streamId, { budgetMs: PROJECT_FIRST_MS });
    return attempt(true);
  }

  /**
   * The projection's rows at the snapshot's seq: what is stored, and the changes on top of it. Of its versions the one that is
   * ready is read, by its own code.
   */
  async standing<Context, Changes extends FoldedChanges>(
    { q, stream, at, eager }: Snapshot,
    { name }: Projection<Context, Changes>,
  ): Promise<Standing<Changes>> {
    const { streamId } = stream;
    const { projection, generation } = await this.catalog.readable(q, name);
    const { layers, after, state, suspect, deadlyAt } = await this.bases.at(q, stream, at, {
      projection,
      generation,
    });
    const stored = { generation, layers, rowsAt: after, changes: null, markers: [], suspect };
    if (at <= after) return stored;
    const events = await this.tail(q, streamId, { after, upTo: at }, eager);
    const request = { ...stream, generation, state, after, upTo: at, events, layers, grow: false };
    const context = await projection.load(q, request);
    if (context === null) return stored;
    const changes = await this.folds.fold<Changes>({
      streamId,
      fold: projection.foldName,
      context,
      events,
      suspect,
      deadlyAt,
    });
    return { ...stored, changes, markers: changes.markers };
  }

  private async tail(q: Queryable, streamId: string, range: { after: number; upTo: number }, eager: boolean) {
    if (eager) return readAll(this.log, streamId, { ...range, withoutDeltas: true }, q);
    const options = { ...range, withoutDeltas: true, limit: BATCH + 1 };
    const events = await this.log.read(streamId, options, q);
    if (events.length > BATCH) throw new TailTooLong();
    return events.map(toLogged);
  }
}
