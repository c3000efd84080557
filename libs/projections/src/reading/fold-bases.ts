import { Injectable } from '@nestjs/common';
import { EventLog, type StreamInfo } from '#event-log';
import type { Queryable } from '#platform';
import { readCheckpoint, type Checkpoint } from '../checkpoints/checkpoint.js';
import type { AnyProjection } from '../projection.js';
import { layersOf, type Layer } from './layers.js';
import { SeamStates } from './seam-states.js';

/** What a fold of a stream begins with: rows as of `after`, and the projection's state there. */
export type FoldBase = {
  layers: Layer[];
  after: number;
  /** Null before the first event, and where nothing is to be folded. */
  state: unknown;
  /** A fold of one of these streams failed before: fold with care. */
  suspect: boolean;
  /** An event that no fold may meet: it ends the process. */
  deadlyAt: number | null;
};

type Place = { projection: AnyProjection; generation: number };

/**
 * Finds the newest rows that a read of a stream can begin with. Mostly those are the stream's own, at its checkpoint. A fork
 * that was never projected begins with its parent's rows at the seam or, while those have not come that far, at the parent's
 * checkpoint, and so on: the events after it are then the tail, across the seams.
 */
@Injectable()
export class FoldBases {
  constructor(
    private readonly log: EventLog,
    private readonly seams: SeamStates,
  ) {}

  /** For the stream as it was at `at`, all from the snapshot of `q`. */
  async at(
    q: Queryable,
    stream: StreamInfo,
    at: number,
    { projection, generation }: Place,
  ): Promise<FoldBase> {
    const layers = layersOf(stream, at);
    let suspect = false;
    let deadlyAt: number | null = null;
    for (let i = layers.length - 1; i >= 0; i -= 1) {
      const layer = layers[i]!;
      const place = { projection: projection.name, generation, streamId: layer.streamId };
      const checkpoint = await readCheckpoint(q, place);
      suspect ||= isSuspect(checkpoint);
      deadlyAt ??= checkpoint.deadlyAt;
      if (!checkpoint.begun) continue;
      const older = layers.slice(0, i);
      if (checkpoint.seq < layer.upTo) {
        const { seq: after, state } = checkpoint;
        return { layers: [...older, { ...layer, upTo: after }], after, state, suspect, deadlyAt };
      }
      const next = layers[i + 1];
      const state = next ? await this.seamState(q, next.streamId, { projection, generation }) : null;
      return { layers: [...older, layer], after: layer.upTo, state, suspect, deadlyAt };
    }
    return { layers: [], after: 0, state: null, suspect, deadlyAt };
  }

  /** The state that the projection of a fork begins with. Its parent's rows must have come to the seam. */
  async seamState(q: Queryable, streamId: string, { projection, generation }: Place): Promise<unknown> {
    const stream = await this.log.info(streamId, q);
    if (!stream || !projection.seamState) throw new Error(`${projection.name} of ${streamId} has no seam`);
    const conversation = await this.seams.of(q, stream);
    return projection.seamState(q, { generation, conversation, layers: [...stream.lineage] });
  }
}

function isSuspect({ attempts, parkedAt }: Checkpoint): boolean {
  return attempts > 0 || parkedAt !== null;
}
