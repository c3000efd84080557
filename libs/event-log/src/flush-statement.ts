import type { QueryConfig } from 'pg';
import type { EncodedEvent, HeldUnit } from './held-unit.js';
import { restOf } from './flush-rest.js';

/** A flush as one call of `append_units`, and where each stream's `recorded_at` stands in its answer. */
export type FlushStatement = { query: QueryConfig; streamIndex: Map<string, number> };

const TEXT = 'select append_units($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as ats';

/** Merges the units' parts into one run of events a stream, sorted by stream id: the order in which every flush takes its locks. */
export function flushStatement(units: readonly HeldUnit[]): FlushStatement {
  const runs = new Map<string, { expectedSeq: number; events: EncodedEvent[] }>();
  for (const part of units.flatMap((unit) => unit.parts)) {
    const run = runs.get(part.streamId);
    if (run) run.events.push(...part.events);
    else runs.set(part.streamId, { expectedSeq: part.expectedSeq, events: [...part.events] });
  }
  // the text of lower-case uuids sorts as PostgreSQL sorts them
  const streams = [...runs.keys()].toSorted();
  const sorted = streams.map((streamId) => runs.get(streamId)!);
  const events = sorted.flatMap((run) => run.events);
  const rest = restOf(units);
  return {
    query: {
      name: 'append_units',
      text: TEXT,
      values: [
        streams,
        sorted.map((run) => run.expectedSeq),
        sorted.map((run) => run.events.length),
        events.map((event) => event.eventId),
        events.map((event) => event.type),
        events.map((event) => event.schemaVersion),
        events.map((event) => event.keyId),
        events.map((event) => event.data),
        events.map((event) => event.metadata),
        rest === null ? null : JSON.stringify(rest),
      ],
    },
    streamIndex: new Map(streams.map((streamId, index) => [streamId, index])),
  };
}
