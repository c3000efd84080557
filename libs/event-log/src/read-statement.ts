import type { Segment } from './lineage.js';
import type { ReadOptions } from './types.js';

/** Of reads that name none. */
export const DEFAULT_LIMIT = 1_000;
export const COLUMNS = 'seq, event_id, recorded_at, schema_version, type, key_id, data, metadata';
/** Word for word the condition of the partial index `events_without_deltas`: the planner uses it for nothing else. */
export const WITHOUT_DELTAS = `type <> 'StreamDeltaReceived'`;
const DELTA = 'StreamDeltaReceived';

type Statement = { name: string; text: string; values: unknown[] };

/** What a read asks for, with its bounds as one range: the seqs in (after, last]. */
export type ReadRange = {
  after: number;
  last: number;
  limit: number;
  backward: boolean;
  types?: readonly string[];
  skipsDeltas: boolean;
};

export function rangeOf(options: ReadOptions): ReadRange {
  const { after = 0, before, upTo, limit = DEFAULT_LIMIT, direction = 'forward', types } = options;
  const last = Math.min(
    upTo ?? Number.MAX_SAFE_INTEGER,
    (before ?? Number.MAX_SAFE_INTEGER) - (before === undefined ? 0 : 1),
  );
  const skipsDeltas = options.withoutDeltas === true || (types !== undefined && !types.includes(DELTA));
  return { after, last, limit, backward: direction === 'backward', types, skipsDeltas };
}

/** One of eight statements (two directions, with or without deltas, of some types or all), each prepared under its own name. */
export function readStatement({ streamId, low, high }: Segment, range: ReadRange): Statement {
  const { name, conditions, order } = partsOf(range);
  return {
    name: `event_log_read_${name}`,
    text: `select ${COLUMNS} from events where stream_id = $1 and seq > $2 and seq <= $3${conditions}
      order by seq ${order} limit $4`,
    values: [streamId, low, high, range.limit, ...(range.types ? [range.types] : [])],
  };
}

/** The same over several streams' parts of one range, each probed by its own key. */
export function readAcrossStatement(segments: readonly Segment[], range: ReadRange): Statement {
  const { name, conditions, order } = partsOf(range);
  return {
    name: `event_log_read_across_${name}`,
    text: `select e.* from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as s (stream_id, low, high)
      cross join lateral (
        select ${COLUMNS} from events
        where events.stream_id = s.stream_id and seq > s.low and seq <= s.high${conditions}
        order by seq ${order} limit $4
      ) e
      order by e.seq ${order} limit $4`,
    values: [
      segments.map(({ streamId }) => streamId),
      segments.map(({ low }) => low),
      segments.map(({ high }) => high),
      range.limit,
      ...(range.types ? [range.types] : []),
    ],
  };
}

/** What follows in each of many streams' own rows; `n` says which of the reads a row answers. */
export function readNextStatement(
  reads: readonly { streamId: string; after: number; limit: number }[],
): Statement {
  return {
    name: 'event_log_read_next',
    text: `select s.n, e.* from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as s (stream_id, low, most, n)
      cross join lateral (
        select ${COLUMNS} from events
        where events.stream_id = s.stream_id and seq > s.low
        order by seq limit s.most
      ) e
      order by s.n, e.seq`,
    values: [
      reads.map(({ streamId }) => streamId),
      reads.map(({ after }) => after),
      reads.map(({ limit }) => limit),
    ],
  };
}

function partsOf({ backward, skipsDeltas, types }: ReadRange) {
  const direction = backward ? 'backward' : 'forward';
  return {
    name: `${direction}${skipsDeltas ? '_without_deltas' : ''}${types ? '_of_types' : ''}`,
    conditions: `${skipsDeltas ? ` and ${WITHOUT_DELTAS}` : ''}${types ? ' and type = any($5)' : ''}`,
    order: backward ? 'desc' : 'asc',
  };
}
