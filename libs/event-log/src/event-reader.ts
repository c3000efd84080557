import type { Database } from '#platform';
import type { PayloadCodec } from './payload-codec.js';
import { GroupedReads, type NextRead } from './grouped-reads.js';
import { seamOf, segmentsOf, type Segment } from './lineage.js';
import {
  COLUMNS,
  DEFAULT_LIMIT,
  rangeOf,
  readAcrossStatement,
  readNextStatement,
  readStatement,
  type ReadRange,
  WITHOUT_DELTAS,
} from './read-statement.js';
import { StreamInfos } from './stream-infos.js';
import type {
  Fork,
  ForkRange,
  Queryable,
  ReadOptions,
  RecordedEvent,
  StreamBeginning,
  StreamInfo,
} from './types.js';

type ForkRow = { stream_id: string; at: number; created_at: string; count: number };
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

const HEAD = 'select seq from events where stream_id = $1 order by seq desc limit 1';
const HEADS = `select s.stream_id, h.seq from unnest($1::uuid[]) as s (stream_id)
  cross join lateral (select seq from events e where e.stream_id = s.stream_id order by seq desc limit 1) h`;
const FORKS = `select stream_id, at, created_at, (n - lag(n, 1, 0::bigint) over (order by n))::integer as count from (
    select stream_id, first_seq - 1 as at, created_at, count(*) over () as total,
      row_number() over (order by first_seq, created_at, stream_id) as n
    from streams where parent_id = $1 and first_seq <= $2::bigint + 1
  ) f
  where n * least($3::bigint, total) / total > (n - 1) * least($3::bigint, total) / total
  order by n`;
// a stretch begins right after the end of the one before it
const FORK_COUNTS = `select width_bucket(first_seq - 2, $2::bigint[]) as stretch, count(*)::integer as forks from streams
  where parent_id = $1 and first_seq <= $3::bigint + 1 group by 1`;
const BEGINNINGS = `select s.stream_id, h.head, e.* from unnest($1::uuid[]) as s (stream_id)
  cross join lateral (select seq as head from events where stream_id = s.stream_id order by seq desc limit 1) h
  left join lateral (
    select ${COLUMNS} from events where events.stream_id = s.stream_id and ${WITHOUT_DELTAS} order by seq limit $2
  ) e on true
  order by s.stream_id, e.seq`;
const ENTITY = 'select stream_id, seq from entities where id = $1';

/** Reads of the log, on the primary. Prepared where they run on a connection of the pool. */
export class EventReader {
  private readonly infos: StreamInfos;
  private readonly grouped = new GroupedReads((reads) => this.readMany(reads));

  constructor(
    private readonly database: Database,
    private readonly codec: PayloadCodec,
  ) {
    this.infos = new StreamInfos(database);
  }

  /**
   * A fork's inherited seqs come from its ancestors. What they hold there never changes, so statements that follow one
   * another are one snapshot: only the last part, the stream's own, still grows.
   */
  async read(streamId: string, options: ReadOptions, q?: Queryable): Promise<RecordedEvent[]> {
    const stream = await this.infos.find(streamId, q);
    if (!stream) return [];
    const range = rangeOf(options);
    const segments = segmentsOf(stream, range.after, range.last);
    if (range.backward) segments.reverse();
    const rows: EventRow[] = [];
    // ever more parts at once: most reads end in the first, and a hundred short ones take seven statements
    for (let next = 0, count = 1; next < segments.length && rows.length < range.limit; count *= 2) {
      const limit = range.limit - rows.length;
      rows.push(...(await this.rowsOf(segments.slice(next, next + count), { ...range, limit }, q)));
      next += count;
    }
    return rows.map((row) => this.recorded(streamId.toLowerCase(), row));
  }

  async readNext(next: NextRead): Promise<RecordedEvent[]> {
    const stream = await this.infos.find(next.streamId);
    if (!stream) return [];
    const streamId = next.streamId.toLowerCase();
    return next.after < seamOf(stream) ? this.read(streamId, next) : this.grouped.read({ ...next, streamId });
  }

  private async readMany(reads: readonly NextRead[]): Promise<RecordedEvent[][]> {
    const { name, text, values } = readNextStatement(reads);
    const rows = await this.rows<EventRow & { n: number }>(name, text, values);
    const answers: RecordedEvent[][] = reads.map(() => []);
    for (const row of rows) {
      const [answer, read] = [answers[row.n - 1], reads[row.n - 1]];
      if (answer && read) answer.push(this.recorded(read.streamId, row));
    }
    return answers;
  }

  async beginnings(
    streamIds: readonly string[],
    limit: number,
    q: Queryable,
  ): Promise<Map<string, StreamBeginning>> {
    const rows = await q.query<EventRow & { stream_id: string; head: number; seq: number | null }>(
      BEGINNINGS,
      [streamIds, limit],
    );
    const found = new Map<string, StreamBeginning>();
    for (const row of rows) {
      const { stream_id: id, head } = row;
      const stream = found.get(id) ?? { head, events: [] };
      found.set(id, stream);
      if (row.seq !== null) stream.events.push(this.recorded(id, row));
    }
    return found;
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

  info(streamId: string, q?: Queryable): Promise<StreamInfo | null> {
    return this.infos.find(streamId, q);
  }

  async forks(streamId: string, { upTo, limit }: ForkRange, q?: Queryable): Promise<Fork[]> {
    const values = [streamId, upTo ?? Number.MAX_SAFE_INTEGER, limit ?? DEFAULT_LIMIT];
    const rows = await this.rows<ForkRow>('event_log_forks', FORKS, values, q);
    return rows.map(({ stream_id, at, created_at, count }) => {
      return { streamId: stream_id, at, createdAt: created_at, count };
    });
  }

  async forkCounts(streamId: string, ends: readonly number[], q?: Queryable): Promise<number[]> {
    const last = ends.at(-1);
    if (last === undefined) return [];
    const rows = await this.rows<{ stretch: number; forks: number }>(
      'event_log_fork_counts',
      FORK_COUNTS,
      [streamId, ends, last],
      q,
    );
    const counts = new Map(rows.map(({ stretch, forks }) => [stretch, forks]));
    return ends.map((_, stretch) => counts.get(stretch) ?? 0);
  }

  async entity(id: string, q?: Queryable): Promise<{ streamId: string; seq: number } | null> {
    const [row] = await this.rows<{ stream_id: string; seq: number }>('event_log_entity', ENTITY, [id], q);
    return row ? { streamId: row.stream_id, seq: row.seq } : null;
  }

  private recorded(streamId: string, row: EventRow): RecordedEvent {
    return {
      streamId,
      seq: row.seq,
      eventId: row.event_id,
      type: row.type,
      schemaVersion: row.schema_version,
      at: row.recorded_at,
      data: this.codec.decode(row.data, row.key_id),
      metadata: row.metadata,
    };
  }

  private rowsOf(segments: Segment[], range: ReadRange, q?: Queryable): Promise<EventRow[]> {
    const [only, more] = segments;
    const { name, text, values } =
      only && !more ? readStatement(only, range) : readAcrossStatement(segments, range);
    return this.rows<EventRow>(name, text, values, q);
  }

  private async rows<T>(name: string, text: string, values: unknown[], q?: Queryable): Promise<T[]> {
    if (q) return q.query<T>(text, values);
    const { rows } = await this.database.run({ name, text, values });
    return rows as T[];
  }
}
