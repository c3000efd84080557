import { Inject, Injectable } from '@nestjs/common';
import { EventLog, PAYLOAD_CODEC, seamOf, type PayloadCodec } from '#event-log';
import {
  fieldsOfState,
  initialState,
  type ConversationState,
  type EventMetadata,
  type LoggedEvent,
} from '#model';
import type { Queryable } from '#platform';
import { DIED } from '../../folding/died.js';
import type { FoldName } from '../../folding/folds.js';
import { ReadFolds } from '../../reading/read-folds.js';
import type { Reader } from '../../reading/reader.js';
import { SeamStates } from '../../reading/seam-states.js';
import { BATCH } from '../../running/stream-projector.js';
import type { Listed } from './conversation-rows.js';
import { withoutMessages, type ConversationsChanges } from './conversations.fold.js';

/** A stream that the list's projection has not caught up with. */
export type Behind = {
  streamId: string;
  after: number;
  state: ConversationState | null;
  suspect: boolean;
  deadlyAt: number | null;
};

type TailRow = {
  stream_id: string;
  seq: number;
  type: string;
  at: string;
  schema_version: number;
  key_id: string | null;
  data: unknown;
  metadata: EventMetadata;
};

/** The conversations that are behind, folded from one query for the events of them all. */
@Injectable()
export class ConversationTails {
  constructor(
    @Inject(PAYLOAD_CODEC) private readonly codec: PayloadCodec,
    private readonly folds: ReadFolds,
    private readonly log: EventLog,
    private readonly seams: SeamStates,
  ) {}

  /**
   * Streams with unprojected events (pending or parked), at most `limit`, the longest waiting first. Each is probed by its
   * key (lateral, limit 1): how many are pending changes faster than the planner's statistics.
   */
  behind(q: Queryable, { tenantId, userId }: Reader, generation: number, limit: number): Promise<Behind[]> {
    return q.query<Behind>(
      `select s.stream_id as "streamId", coalesce(c.seq, 0) as after, c.state,
         coalesce(a.attempts, 0) > 0 or k.stream_id is not null as suspect,
         case when k.error = $5 then k.seq end as "deadlyAt"
       from (
         select stream_id, seq, since from pending where tenant_id = $1
         union all
         select k.stream_id, 9223372036854775807, k.parked_at from parked k
         where k.tenant_id = $1 and k.projection = 'conversations' and k.generation = $2
           and not exists (select from pending p where p.stream_id = k.stream_id)
       ) b
       cross join lateral (
         select s.stream_id from streams s
         where s.stream_id = b.stream_id and s.kind = 'conversation' and ($3::text is null or s.owner_id = $3) limit 1
       ) s
       left join lateral (
         select c.seq, c.state from projection_checkpoints c
         where c.projection = 'conversations' and c.generation = $2 and c.stream_id = b.stream_id limit 1
       ) c on true
       left join fold_attempts a on a.projection = 'conversations' and a.generation = $2 and a.stream_id = b.stream_id
       left join parked k on k.projection = 'conversations' and k.generation = $2 and k.stream_id = b.stream_id
       where b.seq > coalesce(c.seq, 0)
       order by b.since limit $4`,
      [tenantId, generation, userId ?? null, limit, DIED],
    );
  }

  /** Where some tails are longer than a batch they are named instead, unless `patient`. */
  async fold(
    q: Queryable,
    behind: Behind[],
    { fold, patient }: { fold: FoldName; patient: boolean },
  ): Promise<{ folded: Listed[] } | { tooLong: string[] }> {
    const tails = await this.tails(q, behind, patient ? null : BATCH + 1);
    const tooLong = [...tails].filter(([, events]) => events.length > BATCH).map(([streamId]) => streamId);
    if (tooLong.length > 0 && !patient) return { tooLong };
    const folded: Listed[] = [];
    for (const stream of behind)
      folded.push(await this.entry(q, stream, { fold, events: tails.get(stream.streamId) ?? [] }));
    return { folded };
  }

  private async entry(
    q: Queryable,
    behind: Behind,
    { fold, events }: { fold: FoldName; events: LoggedEvent[] },
  ): Promise<Listed> {
    const { streamId, after, suspect, deadlyAt } = behind;
    const state = behind.state ?? (await this.begin(q, behind));
    const seq = events.at(-1)?.seq ?? after;
    if (events.length === 0) return { id: streamId, seq, fields: fieldsOfState(state) };
    const context = { state, current: null };
    const request = { streamId, fold, context, events, suspect, deadlyAt };
    const { fields } = await this.folds.fold<ConversationsChanges>(request);
    return { id: streamId, seq, fields: fields ?? fieldsOfState(state) };
  }

  /** What a stream began with that was never projected: nothing, or what a fork goes on from. */
  private async begin(q: Queryable, { streamId }: Behind): Promise<ConversationState> {
    const stream = await this.log.info(streamId, q);
    if (!stream || seamOf(stream) === 0) return initialState(streamId);
    return withoutMessages(await this.seams.of(q, stream));
  }

  private async tails(
    q: Queryable,
    behind: Behind[],
    limit: number | null,
  ): Promise<Map<string, LoggedEvent[]>> {
    const tails = new Map<string, LoggedEvent[]>();
    if (behind.length === 0) return tails;
    const rows = await q.query<TailRow>(
      `select e.stream_id, e.seq, e.type, e.recorded_at as at, e.schema_version, e.key_id, e.data, e.metadata
       from unnest($1::uuid[], $2::bigint[]) as b (stream_id, after)
       cross join lateral (
         select * from events e
         where e.stream_id = b.stream_id and e.seq > b.after and e.type <> 'StreamDeltaReceived'
         order by e.seq limit $3
       ) e
       order by e.stream_id, e.seq`,
      [behind.map(({ streamId }) => streamId), behind.map(({ after }) => after), limit],
    );
    for (const {
      stream_id: streamId,
      seq,
      type,
      at,
      schema_version: schemaVersion,
      key_id,
      data,
      metadata,
    } of rows) {
      const event = { seq, type, at, schemaVersion, data: this.codec.decode(data, key_id), metadata };
      const tail = tails.get(streamId);
      if (tail) tail.push(event);
      else tails.set(streamId, [event]);
    }
    return tails;
  }
}
