import {
  type EventData,
  evolve,
  initialState,
  type LoggedEvent,
  type MessageState,
  type ReadableEvent,
  type terminalEventTypes,
  upcast,
} from '#model';
import type { LolFrame } from './lol-frame.js';
import { lolMessage, type LolMessageType } from './lol-message.js';

/** How a turn ended. `error` is absent where nothing went wrong. */
export type LolTurnEnd = {
  type: (typeof terminalEventTypes)[number];
  seq: number;
  at: string;
  error?: string;
  code?: string;
  /** It left a new version of its project behind. */
  changedProject: boolean;
};

type Ended = Extract<ReadableEvent, { type: LolTurnEnd['type'] }>;

/**
 * What the LOL app is told of one turn, event by event of its conversation's log from the turn's first on. Rows are
 * folded by the one `evolve`, so a frame shows its row as the message list would at that moment. Pure: it neither reads
 * nor waits.
 */
export class LolTurnFold {
  private state;
  private firstAnswer: string | null = null;
  private askedId: string | null = null;
  /** Of the answer in flight: the text blocks that were shown. */
  private shown = new Set<number>();
  private answerId: string | null = null;
  private ended: LolTurnEnd | null = null;

  constructor(
    private readonly conversationId: string,
    private readonly turnId: string,
  ) {
    this.state = initialState(conversationId);
  }

  /** Once the turn's terminal event was folded: what is still to be told depends on it, and on the project. */
  get end(): LolTurnEnd | null {
    return this.ended;
  }

  /** The message that the turn answers. */
  get userMessageId(): string | null {
    return this.askedId;
  }

  /** The row that the newest answer of the turn is, if it has begun one. */
  get answer(): MessageState | undefined {
    return this.answerId === null ? undefined : this.state.messages[this.answerId];
  }

  /** The frames that this event means; none for most. */
  next(logged: LoggedEvent): LolFrame[] {
    this.state = evolve(this.state, logged);
    const read = upcast(logged);
    if (!read.ok || this.ended || !this.isOfTurn(read.event)) return [];
    return this.framesOf(read.event);
  }

  private isOfTurn({ data, metadata }: ReadableEvent): boolean {
    return ('turnId' in data ? data.turnId : metadata.turnId) === this.turnId;
  }

  private framesOf(event: ReadableEvent): LolFrame[] {
    const { seq } = event;
    switch (event.type) {
      case 'TurnRequested':
        this.askedId = event.data.messageId;
        return [{ event: 'userMessage', data: { messageId: this.askedId }, seq }];
      case 'AssistantMessageStarted':
        return this.answerBegins(event.data.messageId, seq);
      case 'StreamDeltaReceived':
        return [{ event: 'delta', data: { seq, delta: event.data }, seq }, ...this.finishedText(event)];
      case 'AssistantMessageCompleted':
        return this.textsOf(event);
      case 'ToolCallStarted': {
        const { toolName: tool, input: toolInput, toolUseId, messageId } = event.data;
        return [this.message('tool_use', { tool, toolInput, toolUseId }, event, messageId)];
      }
      case 'ToolCallSucceeded': {
        const { toolUseId: tool, result: toolOutput, messageId } = event.data;
        return [this.message('tool_result', { tool, toolOutput }, event, messageId)];
      }
      case 'ToolCallFailed': {
        const { toolUseId: tool, error: toolOutput, messageId } = event.data;
        // Without a row it repairs what an earlier turn left open: nothing of this one.
        if (messageId == null) return [];
        return [this.message('tool_result', { tool, toolOutput, isError: true }, event, messageId)];
      }
      case 'TurnCompleted':
      case 'TurnFailed':
      case 'TurnCancelled':
      case 'TurnInterrupted':
        this.ended = endOf(event);
        // What a broken-off answer has said is in its row, so it is shown too.
        return this.textsOf(event);
      default:
        return [];
    }
  }

  private answerBegins(messageId: string, seq: number): LolFrame[] {
    this.answerId = messageId;
    this.shown = new Set();
    if (this.firstAnswer !== null) return [];
    this.firstAnswer = messageId;
    return [{ event: 'assistantMessage', data: { messageId }, seq }];
  }

  private finishedText(event: LoggedEvent & { data: EventData<'StreamDeltaReceived'> }): LolFrame[] {
    const { type, index } = event.data;
    return type === 'content_block_stop' && typeof index === 'number' ? this.text(index, event) : [];
  }

  private textsOf(event: LoggedEvent): LolFrame[] {
    return (this.answer?.blocks ?? []).flatMap((_, index) => this.text(index, event));
  }

  /** One frame a text block that says something. */
  private text(index: number, event: LoggedEvent): LolFrame[] {
    const block = this.answer?.blocks[index];
    if (block?.type !== 'text' || typeof block.text !== 'string') return [];
    if (block.text === '' || this.shown.has(index)) return [];
    this.shown.add(index);
    return [this.message('assistant', { content: block.text }, event, this.answerId)];
  }

  private message(type: LolMessageType, data: object, { seq, at }: LoggedEvent, id: string | null): LolFrame {
    const row = id === null ? undefined : this.state.messages[id];
    return lolMessage({ type, data, conversationId: this.conversationId, at, row, seq });
  }
}

function endOf({ type, seq, at, data }: Ended): LolTurnEnd {
  const changedProject = data.projectVersion !== undefined;
  const end = { type, seq, at, changedProject };
  if ('message' in data) return { ...end, error: data.message, code: data.code };
  if (type === 'TurnInterrupted' && 'reason' in data) {
    return { ...end, error: `The answer was interrupted (${data.reason}).`, code: data.reason };
  }
  return end;
}
