import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { foldVersion } from '../fold-version.js';
import type { ProjectionName } from '../projection.js';

/** A stream that one generation of one projection has given up, until someone or other code tries again. */
export type ParkedStream = {
  projection: ProjectionName;
  generation: number;
  streamId: string;
  /** The event that it stands before. */
  seq: number;
  error: string;
  attempts: number;
  parkedAt: string;
};

/** Names one parked stream of one generation. */
export type ParkedKey = Pick<ParkedStream, 'projection' | 'generation' | 'streamId'>;

const columns = `projection, generation, stream_id as "streamId", seq, error, attempts, parked_at as "parkedAt"`;

/** Poisoned streams, visible and retryable. Their reads stay exact; only their rows stand still. */
@Injectable()
export class ParkedQueries {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  list(tenantId: string, limit = 100): Promise<ParkedStream[]> {
    return this.database.query<ParkedStream>(
      `select ${columns} from parked where tenant_id = $1 order by parked_at desc, stream_id limit $2`,
      [tenantId, limit],
    );
  }

  /** Puts the stream back to work, with no attempt counted. False when it was not parked. */
  async retry(tenantId: string, { projection, generation, streamId }: ParkedKey): Promise<boolean> {
    const freed = await this.free(
      'tenant_id = $1 and projection = $2 and generation = $3 and stream_id = $4',
      [tenantId, projection, generation, streamId],
    );
    return freed === 1;
  }

  /** Tries again what other code has parked: this code may know better. Gives how many. A sweeper begins with it. */
  retryOthers(): Promise<number> {
    return this.free('fold_version <> $1', [foldVersion]);
  }

  private async free(condition: string, values: unknown[]): Promise<number> {
    const rows = await this.database.query(
      `with freed as (delete from parked where ${condition} returning projection, generation, stream_id, tenant_id, seq),
       reset as (
         delete from fold_attempts a using freed f
         where a.projection = f.projection and a.generation = f.generation and a.stream_id = f.stream_id
       ),
       listed as (
         insert into pending as p (stream_id, tenant_id, seq, since)
         select distinct on (stream_id) stream_id, tenant_id, seq, now() from freed order by stream_id, seq desc
         on conflict (stream_id) do update set seq = greatest(p.seq, excluded.seq)
       )
       select 1 from freed`,
      values,
    );
    return rows.length;
  }
}
