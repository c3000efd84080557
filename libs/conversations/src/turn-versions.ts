import { Injectable } from '@nestjs/common';
import { EventLog, type AppendUnit, type NewEvent } from '#event-log';
import {
  currentProjectVersions,
  isOpen,
  newId,
  versionId,
  type ConversationState,
  type ProjectEventData,
  type VersionOutcome,
} from '#model';

const outcomes: Record<string, VersionOutcome> = {
  TurnCompleted: 'completed',
  TurnFailed: 'failed',
  TurnCancelled: 'cancelled',
  TurnInterrupted: 'interrupted',
};
const versionTypes = ['ProjectVersionCommitted', 'ProjectVersionRestored'];

/**
 * Makes the end of a turn a version of its project: whoever ends a turn that has changed files commits them, in the unit that
 * ends it. So each such turn has exactly one version, whether it was completed, cancelled or interrupted, and by whom.
 */
@Injectable()
export class TurnVersions {
  constructor(private readonly log: EventLog) {}

  /**
   * The unit with the version of the turn that it ends, and the events that end it with the version's place; the unit itself
   * where it ends no turn that has changed files. `state` is the conversation's before the unit. The version is decided at
   * the project's head: on `WrongExpectedVersion` make the unit again.
   */
  async complete(unit: AppendUnit, state: ConversationState): Promise<AppendUnit> {
    const projectId = isOpen(state.turn) ? state.turn.changedProject : null;
    const [own, ...others] = unit.appends;
    const index = own?.events.findIndex(({ type }) => Object.hasOwn(outcomes, type)) ?? -1;
    if (!own || projectId == null || index === -1) return unit;
    const { seq, version } = await this.next(projectId);
    const end = own.events[index]!;
    const committed: ProjectEventData<'ProjectVersionCommitted'> = {
      version,
      turnId: state.turn!.turnId,
      conversationId: own.streamId,
      conversationSeq: own.expectedSeq + 1 + index,
      outcome: outcomes[end.type],
    };
    const events = own.events.map((event) => withVersion(event, { projectId, seq, version }));
    const part = {
      streamId: projectId,
      tenantId: own.tenantId,
      expectedSeq: seq - 1,
      events: [versionEvent(committed, end.metadata)],
    };
    return {
      ...unit,
      appends: [{ ...own, events }, ...others, part],
      entities: [...(unit.entities ?? []), { id: versionId(projectId, version), streamId: projectId, seq }],
    };
  }

  /** Where the project's next event stands, and what number its next version has. The head goes first: what comes later conflicts. */
  private async next(projectId: string): Promise<{ seq: number; version: number }> {
    const head = await this.log.head(projectId);
    const [last] = await this.log.read(projectId, {
      upTo: head,
      types: versionTypes,
      direction: 'backward',
      limit: 1,
    });
    const version = (last?.data as { version: number } | undefined)?.version ?? 0;
    return { seq: head + 1, version: version + 1 };
  }
}

function versionEvent(
  data: ProjectEventData<'ProjectVersionCommitted'>,
  metadata: NewEvent['metadata'],
): NewEvent {
  const type = 'ProjectVersionCommitted';
  return { eventId: newId(), type, schemaVersion: currentProjectVersions[type], data, metadata };
}

/** The answer that ends the turn says of which version it is; the turn's end, where the project stands. */
function withVersion(
  event: NewEvent,
  { projectId, seq, version }: { projectId: string; seq: number; version: number },
): NewEvent {
  if (event.type === 'AssistantMessageCompleted')
    return { ...event, data: { ...(event.data as object), projectVersion: version } };
  if (!Object.hasOwn(outcomes, event.type)) return event;
  const place = { projectId, projectSeq: seq, projectVersion: version };
  return { ...event, data: { ...(event.data as object), ...place } };
}
