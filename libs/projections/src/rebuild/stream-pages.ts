import { Injectable } from '@nestjs/common';
import { EventLog, type StreamBeginning, type StreamInfo, type StreamKind } from '#event-log';
import type { Queryable } from '#platform';

/** A stream with more events that are no deltas is copied up to there; projectors bring it up to its head. */
export const COPIED_EVENTS = 20_000;
/** Streams looked at for a page, and events (deltas counted) that it may hold where it holds more than one stream. */
const STREAMS = 200;
const EVENTS = 50_000;

type Range = { kind: StreamKind; after: string | null; upTo: string | null };

/** A stream and its events; without them it is copied by projectors. */
export type PagedStream = { stream: StreamInfo; beginning: StreamBeginning | null };
/** Streams by id, and the cursor behind them; `last`: there are no more in the range. */
export type StreamPage = { streams: PagedStream[]; cursor: string | null; last: boolean };

/** Reads streams with their events, a bounded page at a time. Deltas are not read. */
@Injectable()
export class StreamPages {
  constructor(private readonly log: EventLog) {}

  async next(q: Queryable, range: Range): Promise<StreamPage> {
    const found = await streamsOf(q, range, STREAMS);
    const heads = await this.log.heads(found, q);
    const taken = fitting(found, heads);
    const infos: StreamInfo[] = [];
    for (const id of taken) {
      const info = await this.log.info(id, q);
      if (info) infos.push(info);
    }
    // a fork goes on from its ancestors' rows: those must be there first
    const own = infos.filter(({ lineage }) => lineage.length === 0);
    const beginnings = await this.log.beginnings(
      own.map(({ streamId }) => streamId),
      COPIED_EVENTS,
      q,
    );
    return {
      streams: infos.map((stream) => ({ stream, beginning: beginnings.get(stream.streamId) ?? null })),
      cursor: taken.at(-1) ?? null,
      last: found.length < STREAMS && taken.length === found.length,
    };
  }
}

/** Streams of a kind by id, at most `limit`. */
export async function streamsOf(
  q: Queryable,
  { kind, after, upTo }: Range,
  limit: number,
): Promise<string[]> {
  const rows = await q.query<{ id: string }>(
    `select stream_id as id from streams
     where kind = $1 and ($2::uuid is null or stream_id > $2) and ($3::uuid is null or stream_id <= $3)
     order by stream_id limit $4`,
    [kind, after, upTo, limit],
  );
  return rows.map(({ id }) => id);
}

function fitting(ids: string[], heads: Map<string, number>): string[] {
  let events = 0;
  const end = ids.findIndex((id) => {
    events += heads.get(id) ?? 0;
    return events > EVENTS;
  });
  return end < 0 ? ids : ids.slice(0, Math.max(1, end));
}
