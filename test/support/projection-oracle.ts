import type { Conversation, Message } from '#contracts';
import type { EventLog } from '#event-log';
import {
  foldEvents,
  isOpen,
  selectedPath,
  siblingPlaces,
  type ConversationState,
  type LoggedEvent,
  type MessageState,
} from '#model';

/** All events of a stream up to a seq, deltas too: what an independent fold is made of. */
export async function eventsUpTo(log: EventLog, streamId: string, upTo: number): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for (;;) {
    const page = await log.read(streamId, { after: events.length, upTo });
    events.push(
      ...page.map(({ seq, type, at, schemaVersion, data, metadata }) => ({
        seq,
        type,
        at,
        schemaVersion,
        data,
        metadata,
      })),
    );
    if (page.length < 1_000) return events;
  }
}

/** The answers that a conversation must give, from nothing but the model's fold of all its events. */
export class Oracle {
  private readonly state: ConversationState;

  constructor(
    private readonly streamId: string,
    events: LoggedEvent[],
    private readonly epoch: string,
  ) {
    this.state = foldEvents(streamId, events);
  }

  conversation(): Conversation {
    const { projectId, title, archived, trashedAt, forkedFrom, turn, leafId, seq, createdAt, updatedAt } =
      this.state;
    const open = isOpen(turn) ? { id: turn.turnId, status: turn.status as 'requested' | 'running' } : null;
    return withoutNulls({
      id: this.streamId,
      projectId,
      title,
      archived,
      trashedAt,
      forkedFrom,
      turn: open,
      leafId,
      seq,
      epoch: this.epoch,
      createdAt,
      updatedAt,
    }) as Conversation;
  }

  /** The selected branch, oldest first. */
  page(): Message[] {
    const places = siblingPlaces(this.state);
    return selectedPath(this.state).map((message) => this.resource(message, places.get(message.id)!));
  }

  message(id: string): Message | null {
    const message = this.state.messages[id];
    if (!message || message.removed) return null;
    return this.resource(message, siblingPlaces(this.state).get(id)!);
  }

  messageIds(): string[] {
    return Object.keys(this.state.messages);
  }

  private resource(message: MessageState, siblings: Message['siblings']): Message {
    const {
      id,
      projectId,
      role,
      content,
      blocks,
      toolName,
      toolCall,
      toolResult,
      streamingStatus,
      metadata,
      seq,
      createdAt,
      updatedAt,
    } = message;
    const shown = withoutNulls({
      id,
      conversationId: this.streamId,
      projectId,
      role,
      content,
      toolName,
      toolCall,
      toolResult,
      streamingStatus,
      metadata,
      siblings,
      seq,
      createdAt,
      updatedAt,
    });
    return { ...shown, parentId: message.parentId, ...(role === 'assistant' && { blocks }) } as Message;
  }
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
