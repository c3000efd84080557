import { Injectable } from '@nestjs/common';
import { seamOf, type StreamInfo } from '#event-log';
import type { LoggedEvent, Marker } from '#model';
import type { Queryable } from '#platform';
import type { FoldLane } from '../folding/fold-threads.js';
import { FoldThreads } from '../folding/fold-threads.js';
import type { AnyProjection, FoldedChanges } from '../projection.js';
import { FoldBases } from '../reading/fold-bases.js';
import { layersOf } from '../reading/layers.js';
import type { ReadModelRows } from '../tables/read-model-table.js';

export type WholeFoldRequest = {
  projection: AnyProjection;
  /** In the rows, and where a fork's ancestors' rows are. */
  generation: number;
  stream: StreamInfo;
  /** All of the stream's own events up to `upTo` that are no deltas. */
  events: LoggedEvent[];
  upTo: number;
  lane?: FoldLane;
};

/** All rows that the events make, and what the checkpoint holds then; or the event that cannot be folded. */
export type WholeFolded =
  | { ok: true; rows: ReadModelRows[]; state: unknown; markers: Marker[] }
  | { ok: false; seq: number; problem: string };

/**
 * A stream folded from its first event on, in one go and beside whatever is stored: what its rows must be. It is the projection's
 * own fold, in a thread that can be killed; of a fork it goes on from its ancestors' rows in the same generation.
 */
@Injectable()
export class WholeFold {
  constructor(
    private readonly threads: FoldThreads,
    private readonly bases: FoldBases,
  ) {}

  /** @throws the database's error. */
  async of(q: Queryable, request: WholeFoldRequest): Promise<WholeFolded> {
    const { projection, generation, stream, events, upTo, lane = 'rebuild' } = request;
    const { streamId, tenantId, ownerId } = stream;
    const target = { generation, streamId, tenantId, ownerId };
    const after = seamOf(stream);
    const state = after === 0 ? null : await this.bases.seamState(q, streamId, { projection, generation });
    const layers = layersOf(stream, after);
    const context: unknown = await projection.load(q, {
      ...target,
      state,
      after,
      upTo,
      events,
      layers,
      grow: false,
    });
    if (context === null) return { ok: true, rows: [], state, markers: [] };
    const job = { fold: projection.foldName, context, events, unreadable: 'park' } as const;
    const outcome = await this.threads.fold<FoldedChanges>(job, lane);
    if (!outcome.ok) return { ok: false, seq: events[outcome.index]?.seq ?? upTo, problem: outcome.problem };
    const { changes } = outcome;
    return {
      ok: true,
      rows: projection.rowsOf(target, changes),
      state: changes.state,
      markers: changes.markers,
    };
  }
}
