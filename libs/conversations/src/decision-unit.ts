import type { AppendUnit, NewEvent } from '#event-log';
import {
  currentVersions,
  newId,
  reducerVersion,
  terminalEventTypes,
  type ConversationState,
  type Decision,
  type DomainEvent,
  type EventMetadata,
} from '#model';

/** Once so many events stand after the last snapshot, the next unit carries one. */
const snapshotEvery = 100;

export type DecidedAt = {
  streamId: string;
  tenantId: string;
  /** Present when the unit makes the stream. */
  ownerId?: string;
  state: ConversationState;
  sinceSnapshot: number;
};

/**
 * The decision as one unit of the log: its events at the decided position, the ids that they create, the turn's row
 * (opened by `TurnRequested`, closed by a terminal event), and a snapshot at a turn's end or after a long tail.
 */
export function decisionUnit(at: DecidedAt, decision: Decision, metadata: EventMetadata): AppendUnit {
  const { streamId, tenantId, ownerId, state } = at;
  if (decision.events.length === 0) return { appends: [] };
  const requested = decision.events.find((event) => event.type === 'TurnRequested');
  const ended = decision.events.find(isTerminal);
  const wantsSnapshot = ended !== undefined || at.sinceSnapshot > snapshotEvery;
  return {
    appends: [
      {
        streamId,
        tenantId,
        expectedSeq: state.seq,
        ...(ownerId === undefined ? {} : { create: { tenantId, ownerId, kind: 'conversation' } }),
        events: newEvents(decision, metadata),
      },
    ],
    entities: decision.entities.map(({ id, index }) => ({ id, streamId, seq: state.seq + 1 + index })),
    ...(requested ? { openTurn: { streamId, turnId: requested.data.turnId } } : {}),
    ...(ended ? { closeTurn: { streamId, turnId: ended.data.turnId } } : {}),
    // As of before the unit: when its events happened is not known until they are committed.
    ...(wantsSnapshot && state.seq > 0
      ? { snapshot: { streamId, seq: state.seq, reducerVersion, state } }
      : {}),
  };
}

/** The events of a decision with ids of their own. */
export function newEvents({ events }: Decision, metadata: EventMetadata): NewEvent[] {
  return events.map((event) => newEvent(event, metadata));
}

function newEvent(event: DomainEvent, metadata: EventMetadata): NewEvent {
  return {
    eventId: newId(),
    type: event.type,
    schemaVersion: currentVersions[event.type],
    data: event.data,
    metadata: { ...metadata, ...event.metadata },
  };
}

type TerminalEvent = DomainEvent<(typeof terminalEventTypes)[number]>;

function isTerminal(event: DomainEvent): event is TerminalEvent {
  return (terminalEventTypes as readonly string[]).includes(event.type);
}
