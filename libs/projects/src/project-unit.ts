import type { AppendUnit, NewEvent, StreamAppend } from '#event-log';
import {
  currentProjectVersions,
  newId,
  versionId,
  type EventMetadata,
  type ProjectDecision,
  type ProjectEvent,
  type ProjectState,
} from '#model';

/** Where a decision about a project was made. */
export type ProjectAt = {
  tenantId: string;
  /** Present when the unit makes the project. */
  ownerId?: string;
  /** The state that was decided on; its `seq` is the head that the unit expects. */
  state: ProjectState;
};

/** A project's part of a unit: put its parts into an `AppendUnit`, alone or beside those of a conversation. */
export type ProjectPart = {
  append: StreamAppend;
  /** Versions that come to exist. */
  entities: NonNullable<AppendUnit['entities']>;
  /** The project's last seq once the unit is committed. */
  seqTo: number;
};

/** The decision as a part of a unit; null where it changes nothing. Pure but for the new events' ids. */
export function projectPart(
  { tenantId, ownerId, state }: ProjectAt,
  { events }: Pick<ProjectDecision, 'events'>,
  metadata: EventMetadata,
): ProjectPart | null {
  if (events.length === 0) return null;
  const streamId = state.id;
  return {
    append: {
      streamId,
      tenantId,
      expectedSeq: state.seq,
      ...(ownerId === undefined ? {} : { create: { tenantId, ownerId, kind: 'project' } }),
      events: events.map((event) => newEvent(event, metadata)),
    },
    entities: events.flatMap((event, index) => {
      const version = versionMade(event);
      return version === null
        ? []
        : [{ id: versionId(streamId, version), streamId, seq: state.seq + 1 + index }];
    }),
    seqTo: state.seq + events.length,
  };
}

function versionMade(event: ProjectEvent): number | null {
  const makes = event.type === 'ProjectVersionCommitted' || event.type === 'ProjectVersionRestored';
  return makes ? event.data.version : null;
}

function newEvent(event: ProjectEvent, metadata: EventMetadata): NewEvent {
  return {
    eventId: newId(),
    type: event.type,
    schemaVersion: currentProjectVersions[event.type],
    data: event.data,
    metadata: { ...metadata, ...event.metadata },
  };
}
