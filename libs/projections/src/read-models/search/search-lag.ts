import type { Queryable } from '#platform';
import type { Reader } from '../../reading/reader.js';

/** How far a search was behind the log, for its reader. */
export type SearchLag = {
  /** Events of the reader's conversations that no hit can come from yet. */
  events: number;
  /** For how long the oldest of them has waited, by the database's clock; 0: none does. */
  seconds: number;
  /** More than 1,000 conversations are behind: there is more lag than the figures say. */
  atLeast: boolean;
};

const MOST = 1_000;

/** Of the snapshot that the hits are read in. */
export async function searchLag(
  q: Queryable,
  { tenantId, userId }: Reader,
  generation: number,
): Promise<SearchLag> {
  const [lag] = await q.query<SearchLag & { streams: number }>('select * from search_lag($1, $2, $3, $4)', [
    tenantId,
    userId ?? null,
    generation,
    MOST + 1,
  ]);
  const { events = 0, seconds = 0, streams = 0 } = lag ?? {};
  return { events, seconds, atLeast: streams > MOST };
}
