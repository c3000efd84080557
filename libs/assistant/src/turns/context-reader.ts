import { createHash } from 'node:crypto';
import type { RecordedEvent } from '#event-log';
import {
  canonicalJson,
  deltaEventType,
  readContext,
  rebuildRequest as rebuild,
  type BuiltRequest,
  type ContextSource,
  type ConversationState,
  type EventData,
  type RequestSettings,
} from '#model';
import type { LogReads } from './log-reads.js';

/** A request, the events that it was built from, and the hash that identifies it. */
export type HashedRequest = BuiltRequest & { sha256: string };

const pageSize = 1000;

/** The hash is over the request's canonical JSON. */
export function hashRequest(built: BuiltRequest): HashedRequest {
  return { ...built, sha256: createHash('sha256').update(canonicalJson(built.request)).digest('hex') };
}

/**
 * The state at `seq`, as far as the request for an answer after `tipId` needs it. Reads backwards, and no further than the
 * context budget reaches. The state is the caller's own.
 * @throws LogUnavailable
 */
export function readContextState(
  log: LogReads,
  at: { conversationId: string; seq: number; tipId: string },
  settings: RequestSettings,
): Promise<ConversationState> {
  return readContext(sourceOf(log, at.conversationId), at, settings);
}

/**
 * The request that a `ModelRequested` event tells of, rebuilt from the log alone. Its `sha256` equals the event's, unless
 * the code that builds requests has changed since.
 * @throws LogUnavailable; Error when the log does not hold what the request was built from
 */
export async function rebuildRequest(
  log: LogReads,
  conversationId: string,
  event: Pick<RecordedEvent, 'data'>,
): Promise<HashedRequest> {
  const data = event.data as EventData<'ModelRequested'>;
  const events: RecordedEvent[] = [];
  for (let after = data.fromSeq - 1; after < data.toSeq;) {
    const page = await log.read(conversationId, { after, upTo: data.toSeq, limit: pageSize });
    if (page.length === 0) break;
    events.push(...page);
    after = page.at(-1)!.seq;
  }
  return hashRequest(rebuild(conversationId, events, data));
}

function sourceOf(log: LogReads, conversationId: string): ContextSource {
  return {
    before: async (seq, limit) => {
      const events: RecordedEvent[] = [];
      while (events.length < limit) {
        const page = await log.read(conversationId, {
          before: events.at(-1)?.seq ?? seq,
          limit: Math.min(limit - events.length, pageSize),
          direction: 'backward',
          withoutDeltas: true,
        });
        if (page.length === 0) break;
        events.push(...page);
      }
      return events;
    },
    deltas: async (fromSeq, toSeq) => {
      const events: RecordedEvent[] = [];
      for (let after = fromSeq - 1; after < toSeq; after = events.at(-1)!.seq) {
        const page = await log.read(conversationId, {
          after,
          upTo: toSeq,
          types: [deltaEventType],
          limit: pageSize,
        });
        if (page.length === 0) break;
        events.push(...page);
      }
      return events;
    },
  };
}
