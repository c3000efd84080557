import type { Database } from '#platform';
import type { PayloadCodec } from './payload-codec.js';
import { readStatement } from './read-statement.js';
import type { Queryable, ReadOptions, RecordedEvent, StreamInfo } from './types.js';

type EventRow = {
  seq: number;
  event_id: string;
  recorded_at: string;
  schema_version: number;
  type: string;
  key_id: string | null;
  data: unknown;
  metadata: Record<string, unknown>;
};

type InfoRow = {
  stream_id: string;
  tenant_id: string;
  owner_id: string;
  kind: StreamInfo['kind'];
  first_seq: number;
  created_at: string;
};

const HEAD = 'select seq from events where stream_id = $1 order by seq desc limit 1';
const HEADS = `select s.stream_id, h.seq from unnest($1::uuid[]) as s (stream_id)
  cross join lateral (select seq from events e where e.stream_id = s.stream_id order by seq desc limit 1) h`;
const INFO =
  'select stream_id, tenant_id, owner_id, kind, first_seq, created_at from streams where stream_id = $1';
const ENTITY = 'select stream_id, seq from entities where id = $1';

/** Reads of the log, on the primary. Prepared where they run on a connection of the pool. */
export class EventReader {
  constructor(
    private readonly database: Database,
    private readonly codec: PayloadCodec,
  ) {}

  async read(streamId: string, options: ReadOptions, q?: Queryable): Promise<RecordedEvent[]> {
    const statement = readStatement(streamId, options);
    const rows = await this.rows<EventRow>(statement.name, statement.text, statement.values, q);
    return rows.map((row) => ({
      streamId: streamId.toLowerCase(),
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      schemaVersion: row.schema_version,
      at: row.recorded_at,
      data: this.codec.decode(row.data, row.key_id),
      metadata: row.metadata,
    }));
  }

  async head(streamId: string, q?: Queryable): Promise<number> {
    const [row] = await this.rows<{ seq: number }>('event_log_head', HEAD, [streamId], q);
    return row?.seq ?? 0;
  }

  async heads(streamIds: readonly string[], q?: Queryable): Promise<Map<string, number>> {
    const rows = await this.rows<{ stream_id: string; seq: number }>(
      'event_log_heads',
      HEADS,
      [streamIds],
      q,
    );
    return new Map(rows.map((row) => [row.stream_id, row.seq]));
  }

  async info(streamId: string, q?: Queryable): Promise<StreamInfo | null> {
    const [row] = await this.rows<InfoRow>('event_log_info', INFO, [streamId], q);
    if (!row) return null;
    return {
      streamId: row.stream_id,
      tenantId: row.tenant_id,
      ownerId: row.owner_id,
      kind: row.kind,
      firstSeq: row.first_seq,
      createdAt: row.created_at,
    };
  }

  async entity(id: string, q?: Queryable): Promise<{ streamId: string; seq: number } | null> {
    const [row] = await this.rows<{ stream_id: string; seq: number }>('event_log_entity', ENTITY, [id], q);
    return row ? { streamId: row.stream_id, seq: row.seq } : null;
  }

  private async rows<T>(name: string, text: string, values: unknown[], q?: Queryable): Promise<T[]> {
    if (q) return q.query<T>(text, values);
    const { rows } = await this.database.run({ name, text, values });
    return rows as T[];
  }
}
