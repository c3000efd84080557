import { Injectable } from '@nestjs/common';
import { EventLog, holds, type RecordedEvent } from '#event-log';
import {
  collectFacts,
  type ConversationCommand,
  type ConversationState,
  type Facts,
  type MessageFact,
  type MessageRole,
} from '#model';

/**
 * Looks up what a decision must know and a pruned state no longer holds: how named messages came to be, and whether a
 * named turn is one of this conversation's. Both never change, so they need no position. Absent ids have no fact.
 */
@Injectable()
export class CreationFacts {
  constructor(private readonly log: EventLog) {}

  /** @throws LogUnavailable */
  async gather(streamId: string, command: ConversationCommand, state: ConversationState): Promise<Facts> {
    const facts = await collectFacts(state, command, (ids) => this.messages(streamId, ids));
    if (command.type !== 'cancelTurn' || command.turnId === state.turn?.turnId) return facts;
    const event = await this.creatingEvent(streamId, command.turnId);
    return event?.type === 'TurnRequested'
      ? { ...facts, turns: { [command.turnId]: { seq: event.seq } } }
      : facts;
  }

  private async messages(streamId: string, ids: string[]): Promise<Record<string, MessageFact>> {
    const found = await Promise.all(
      ids.map(async (id) => {
        const event = await this.creatingEvent(streamId, id);
        return [id, event && creationOf(event, id)] as const;
      }),
    );
    return Object.fromEntries(found.filter((entry): entry is [string, MessageFact] => entry[1] !== null));
  }

  private async creatingEvent(streamId: string, id: string): Promise<RecordedEvent | null> {
    const [entity, stream] = await Promise.all([this.log.entity(id), this.log.info(streamId)]);
    // of a fork also what it has inherited, but not what became of its ancestors later
    if (!entity || !stream || !holds(stream, entity)) return null;
    const [event] = await this.log.read(streamId, { after: entity.seq - 1, limit: 1 });
    return event?.seq === entity.seq ? event : null;
  }
}

function creationOf(event: RecordedEvent, id: string): MessageFact | null {
  const data = event.data as { messageId?: unknown; parentId?: unknown; role?: unknown };
  if (data.messageId !== id) return null;
  const role = roleOf(event.type, data.role);
  if (!role) return null;
  return { parentId: typeof data.parentId === 'string' ? data.parentId : null, role, seq: event.seq };
}

function roleOf(type: string, posted: unknown): MessageRole | null {
  if (type === 'MessagePosted') return posted as MessageRole;
  if (type === 'AssistantMessageStarted') return 'assistant';
  if (type === 'ToolCallStarted') return 'tool';
  return null;
}
