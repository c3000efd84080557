import type { ReadOptions } from './types.js';

const DEFAULT_LIMIT = 1_000;
const COLUMNS = 'seq, event_id, recorded_at, schema_version, type, key_id, data, metadata';
/** Word for word the condition of the partial index `events_without_deltas`: the planner uses it for nothing else. */
const WITHOUT_DELTAS = `type <> 'StreamDeltaReceived'`;
const DELTA = 'StreamDeltaReceived';

/** One of eight statements (two directions, with or without deltas, of some types or all), each prepared under its own name. */
export function readStatement(
  streamId: string,
  options: ReadOptions,
): { name: string; text: string; values: unknown[] } {
  const { after = 0, before, upTo, limit = DEFAULT_LIMIT, direction = 'forward', types } = options;
  const skipsDeltas = options.withoutDeltas === true || (types !== undefined && !types.includes(DELTA));
  const last = Math.min(
    upTo ?? Number.MAX_SAFE_INTEGER,
    (before ?? Number.MAX_SAFE_INTEGER) - (before === undefined ? 0 : 1),
  );
  const conditions = ['stream_id = $1', 'seq > $2', 'seq <= $3'];
  if (skipsDeltas) conditions.push(WITHOUT_DELTAS);
  if (types) conditions.push('type = any($5)');
  const order = direction === 'forward' ? 'asc' : 'desc';
  return {
    name: `event_log_read_${direction}${skipsDeltas ? '_without_deltas' : ''}${types ? '_of_types' : ''}`,
    text: `select ${COLUMNS} from events where ${conditions.join(' and ')} order by seq ${order} limit $4`,
    values: [streamId, after, last, limit, ...(types ? [types] : [])],
  };
}
