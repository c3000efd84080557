import { randomUUID } from 'node:crypto';
import type { NewEvent } from '#event-log';
import type { PoisonKind } from './poison-kinds.js';
import type { ProjectionProcess } from './projections.js';
import { LOCAL_OWNER } from './read-model-check.js';

/** The place of the poison in its conversation: after the start and a message, before another message. */
export const POISON_SEQ = 3;

const { tenantId, userId: ownerId } = LOCAL_OWNER;

/** A conversation of four events, its third the poison, as the log itself would have taken them; gives its id. */
export async function plantPoison(
  { log, database }: ProjectionProcess,
  { event, hoursOff }: PoisonKind,
): Promise<string> {
  const streamId = randomUUID();
  const create = { tenantId, ownerId, kind: 'conversation' as const };
  const append = (expectedSeq: number, events: NewEvent[]) =>
    log.append({
      appends: [{ streamId, expectedSeq, tenantId, events, create: expectedSeq === 0 ? create : undefined }],
    });
  const { type, data, schemaVersion = 1 } = event;
  const poison = { eventId: randomUUID(), type, schemaVersion, data, metadata: {} };
  const messageId = randomUUID();
  const before = [fresh('ConversationStarted', {}), message('before', messageId, null)];
  const after = [message('after', randomUUID(), messageId)];
  if (hoursOff === undefined) await append(0, [...before, poison, ...after]);
  else {
    await append(0, before);
    // the log's own clock does not write this
    await database.query(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       values ($1, $2, $3, date_trunc('milliseconds', clock_timestamp()) + make_interval(hours => $4), $5, $6, $7, '{}')`,
      [streamId, POISON_SEQ, poison.eventId, hoursOff, schemaVersion, type, JSON.stringify(data)],
    );
    await append(POISON_SEQ, after);
  }
  return streamId;
}

function message(text: string, messageId: string, parentId: string | null): NewEvent {
  const content = [{ type: 'text', text }];
  return fresh('MessagePosted', { messageId, parentId, role: 'user', content });
}

function fresh(type: string, data: unknown): NewEvent {
  return { eventId: randomUUID(), type, schemaVersion: 1, data, metadata: {} };
}
