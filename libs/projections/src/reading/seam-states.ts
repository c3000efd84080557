import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import { initialState, prune, reducerVersion, type ConversationState } from '#model';
import type { Queryable } from '#platform';
import { areSuspect } from '../checkpoints/checkpoint.js';
import type { EvolveChanges } from '../folding/evolve.fold.js';
import { BoundedCache } from './bounded-cache.js';
import { toLogged } from './logged-events.js';
import { ReadFolds } from './read-folds.js';

const CAPACITY = 200;
/** Events folded at once. */
const PAGE = 1_000;

/**
 * What a fork began with: its conversation as it was where it was forked, pruned. It never changes. Mostly the fork's first
 * snapshot is just that; else it is folded from the nearest older snapshot of its lineage, or from the first event.
 */
@Injectable()
export class SeamStates {
  private readonly kept = new BoundedCache<ConversationState>(CAPACITY);

  constructor(
    private readonly log: EventLog,
    private readonly folds: ReadFolds,
  ) {}

  /** The state is shared: copy it before it is changed. */
  async of(q: Queryable, stream: StreamInfo): Promise<ConversationState> {
    const { streamId, createdAt, lineage } = stream;
    // a restored history may hold another stream of that id
    const name = `${streamId}:${createdAt}`;
    const known = this.kept.get(name);
    if (known) return known;
    const seam = seamOf(stream);
    const snapshot = await this.log.snapshotAt(stream, reducerVersion, seam, q);
    const from = (snapshot?.state as ConversationState | undefined) ?? initialState(streamId);
    const suspect = await areSuspect(q, [streamId, ...lineage.map((ancestor) => ancestor.streamId)]);
    const pruned = await this.foldOn(q, { ...from, id: streamId }, { seam, suspect });
    this.kept.set(name, pruned);
    return pruned;
  }

  /** Page by page, and pruned after each: a long conversation is never held as a whole. */
  private async foldOn(
    q: Queryable,
    from: ConversationState,
    { seam, suspect }: { seam: number; suspect: boolean },
  ): Promise<ConversationState> {
    const streamId = from.id;
    let state = from;
    for (let after = from.seq; ;) {
      const range = { after, upTo: seam, withoutDeltas: true, limit: PAGE };
      const events = (await this.log.read(streamId, range, q)).map(toLogged);
      const request = { streamId, fold: 'evolve', context: { state }, events, suspect } as const;
      const folded = await this.folds.fold<EvolveChanges>(request);
      state = prune(folded.state);
      after = events.at(-1)?.seq ?? seam;
      if (events.length < PAGE) return { ...state, seq: seam };
    }
  }
}
