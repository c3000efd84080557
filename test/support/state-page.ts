import type { Message } from '#contracts';
import type { StatePage } from '#client';
import {
  conversationOfState,
  foldEvents,
  isOpen,
  messageResource,
  selectedPath,
  siblingPlaces,
  type ConversationState,
  type LoggedEvent,
} from '#model';

/** All that can be read of a conversation at one seq, folded from its whole log: what any page of it must agree with. */
export class PageOracle {
  readonly state: ConversationState;
  readonly path: Message[];
  private readonly places;

  constructor(
    readonly id: string,
    events: readonly LoggedEvent[],
    at: number,
    readonly epoch = 'epoch',
  ) {
    this.state = foldEvents(id, events.slice(0, at));
    this.places = siblingPlaces(this.state);
    this.path = selectedPath(this.state).map((message) => this.message(message.id));
  }

  message(messageId: string): Message {
    const place = this.places.get(messageId) ?? { index: 0, count: 1 };
    return structuredClone(messageResource(this.id, this.state.messages[messageId]!, place));
  }

  /** As `GET …/state` answers; the cursor is the seq of the first message that is shown. */
  page({ limit = 100, before }: { limit?: number; before?: number } = {}): StatePage {
    const { state, epoch } = this;
    const { turn, inFlight } = state;
    const path = this.path.filter(({ seq }) => before === undefined || seq < before);
    const messages = path.slice(-limit);
    const openToolCalls = Object.entries(isOpen(turn) ? turn.openToolCalls : {}).map(
      ([toolUseId, messageId]) => ({
        toolUseId,
        messageId,
        toolName: state.messages[messageId]?.toolName ?? '',
      }),
    );
    return {
      seq: state.seq,
      at: state.updatedAt,
      conversation: conversationOfState(state, epoch),
      messages,
      ...(turn && { turn: { id: turn.turnId, status: turn.status } }),
      openToolCalls,
      ...(inFlight && { halfWritten: this.message(inFlight.messageId) }),
      usage: { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 },
      markers: state.markers,
      ...(path.length > limit && { previous: String(messages[0]!.seq) }),
    };
  }
}
