import { Injectable } from '@nestjs/common';
import { Database } from '#platform';
import { foldVersionOf } from '../fold-version.js';
import type { ProjectionName } from '../projection.js';
import { decodeCursor, encodeCursor } from '../reading/page-cursor.js';
import { GenerationCatalog } from './generation-catalog.js';
import { freeParked } from './parking.js';

/** A stream that one generation of one projection has given up, until someone or other code tries again. */
export type ParkedStream = {
  projection: ProjectionName;
  generation: number;
  streamId: string;
  /** The event that it stands before, and its type. */
  seq: number;
  eventType: string;
  error: string;
  /** Shared by all that failed of the same fault. */
  fingerprint: string;
  attempts: number;
  parkedAt: string;
};

/** Names one parked stream of one generation. */
export type ParkedKey = Pick<ParkedStream, 'projection' | 'generation' | 'streamId'>;

/** Streams that failed of the same fault, counted among the newest 10,000; `example` is the one that was parked last. */
export type ParkedGroup = Pick<ParkedStream, 'fingerprint' | 'projection' | 'eventType'> & {
  count: number;
  oldestAt: string;
  newestAt: string;
  example: Pick<ParkedStream, 'streamId' | 'generation' | 'seq' | 'error'>;
};

/** Which parked streams: all where nothing is given. */
export type ParkedFilter = { tenantId?: string; fingerprint?: string };
export type ParkedPageRequest = ParkedFilter & { limit: number; after?: string };
/** Newest first; `next` is a cursor for `after`, absent at the end. */
export type ParkedPage = { items: ParkedStream[]; next?: string };

const MOST_GROUPS = 500;
/** A page that someone looks at asks for the groups every few seconds. */
const MOST_GROUPED = 10_000;
const columns = `projection, generation, stream_id as "streamId", seq, event_type as "eventType", error, fingerprint,
  attempts, parked_at as "parkedAt"`;
const filtered = '($1::text is null or tenant_id = $1) and ($2::text is null or fingerprint = $2)';

/** Poisoned streams, visible and retryable. Their reads stay exact; only their rows stand still. */
@Injectable()
export class ParkedQueries {
  constructor(
    private readonly database: Database,
    private readonly catalog: GenerationCatalog,
  ) {}

  /** Newest first. */
  async list(tenantId: string, limit = 100): Promise<ParkedStream[]> {
    return (await this.page({ tenantId, limit })).items;
  }

  /** @throws CursorInvalid */
  async page({ tenantId, fingerprint, limit, after }: ParkedPageRequest): Promise<ParkedPage> {
    const filter = [tenantId ?? null, fingerprint ?? null];
    const list = ['parked', ...filter];
    const place = after === undefined ? [null, null, null, null] : (decodeCursor(list, after) as unknown[]);
    const rows = await this.database.query<ParkedStream & { place?: string }>(
      `select ${columns}, parked_at::text as place from parked
       where ${filtered} and ($3::timestamptz is null
         or (parked_at, stream_id, projection, generation) < ($3, $4::uuid, $5::text, $6::integer))
       order by parked_at desc, stream_id desc, projection desc, generation desc limit $7`,
      [...filter, ...place, limit + 1],
    );
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(withoutPlace),
      ...(last && {
        next: encodeCursor(list, [last.place, last.streamId, last.projection, last.generation]),
      }),
    };
  }

  /** Those that failed of the same fault together, largest first, at most 500; of one tenant, or of all. */
  groups(tenantId?: string): Promise<ParkedGroup[]> {
    return this.database.query<ParkedGroup>(
      `select fingerprint, projection, event_type as "eventType", count(*)::integer as count,
         min(parked_at) as "oldestAt", max(parked_at) as "newestAt",
         (array_agg(json_build_object('streamId', stream_id, 'generation', generation, 'seq', seq, 'error', error)
           order by parked_at desc, stream_id desc))[1] as example
       from (
         select * from parked where $1::text is null or tenant_id = $1
         order by parked_at desc, stream_id desc, projection desc, generation desc limit ${MOST_GROUPED}) newest
       group by fingerprint, projection, event_type
       order by count(*) desc, max(parked_at) desc, fingerprint limit $2`,
      [tenantId ?? null, MOST_GROUPS],
    );
  }

  /** Puts the stream back to work, with no attempt counted. False when it was not parked. */
  async retry(tenantId: string, { projection, generation, streamId }: ParkedKey): Promise<boolean> {
    const freed = await freeParked(
      this.database,
      'tenant_id = $1 and projection = $2 and generation = $3 and stream_id = $4',
      [tenantId, projection, generation, streamId],
    );
    return freed === 1;
  }

  /** Puts all of them back to work, or those of one fault. Gives how many. */
  retryAll({ tenantId, fingerprint }: ParkedFilter = {}): Promise<number> {
    return freeParked(this.database, filtered, [tenantId ?? null, fingerprint ?? null]);
  }

  /**
   * Tries again what other code has parked, in the generations that this code feeds: another version of the projection, or of the
   * model, may know better. Gives how many. A sweeper begins with it.
   */
  async retryOthers(): Promise<number> {
    let freed = 0;
    for (const { projection, generation } of await this.catalog.fed()) {
      const values = [projection.name, generation, foldVersionOf(projection)];
      const others = 'projection = $1 and generation = $2 and fold_version <> $3';
      freed += await freeParked(this.database, others, values);
    }
    return freed;
  }
}

function withoutPlace(row: ParkedStream & { place?: string }): ParkedStream {
  const parked = { ...row };
  delete parked.place;
  return parked;
}
