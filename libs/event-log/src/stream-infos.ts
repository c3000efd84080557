import type { Database } from '#platform';
import type { LineageEntry, Queryable, StreamInfo } from './types.js';

type InfoRow = {
  stream_id: string;
  tenant_id: string;
  owner_id: string;
  kind: StreamInfo['kind'];
  first_seq: number;
  lineage: LineageEntry[] | null;
  created_at: string;
};

const INFO =
  'select stream_id, tenant_id, owner_id, kind, first_seq, lineage, created_at from streams where stream_id = $1';
const CAPACITY = 10_000;

/**
 * The rows of `streams`, kept: they are written once. A restored history may hold others under the same ids, and comes
 * with new connections, so each of those empties the memory.
 */
export class StreamInfos {
  private readonly kept = new Map<string, StreamInfo>();

  constructor(private readonly database: Database) {
    database.pool.on('connect', () => this.kept.clear());
  }

  /** Null: no such stream, yet. */
  async find(streamId: string, q?: Queryable): Promise<StreamInfo | null> {
    const id = streamId.toLowerCase();
    const known = this.kept.get(id);
    if (known) return known;
    const rows = q
      ? await q.query<InfoRow>(INFO, [id])
      : (await this.database.run({ name: 'event_log_info', text: INFO, values: [id] })).rows;
    const [row] = rows as InfoRow[];
    if (!row) return null;
    const info = infoOf(row);
    const [oldest] = this.kept.keys();
    if (this.kept.size >= CAPACITY && oldest !== undefined) this.kept.delete(oldest);
    this.kept.set(id, info);
    return info;
  }
}

function infoOf(row: InfoRow): StreamInfo {
  return {
    streamId: row.stream_id,
    tenantId: row.tenant_id,
    ownerId: row.owner_id,
    kind: row.kind,
    firstSeq: row.first_seq,
    lineage: row.lineage ?? [],
    createdAt: row.created_at,
  };
}
