import { applyDelta, assistantFold, foldMessage } from './assistant-fold.js';
import type { EventPlace, Handlers } from './evolve.js';
import { addMessage, changeMessage } from './evolve-message.js';
import {
  isOpen,
  type ConversationState,
  type MessageState,
  type TurnState,
  type TurnStatus,
} from './state.js';
import { textOfBlocks } from './text.js';

type Ended = Exclude<TurnStatus, 'requested' | 'running'>;

/**
 * The turn that an event belongs to. A fold that began amid a turn has not seen its request: it goes on with what the
 * later events tell.
 */
function turnOf(state: ConversationState, turnId: string): TurnState {
  if (state.turn?.turnId === turnId) return state.turn;
  return {
    turnId,
    status: 'running',
    owner: null,
    messageId: '',
    tipId: '',
    model: null,
    step: 0,
    requestedSeq: 0,
    endedSeq: null,
    openToolCalls: {},
    reason: null,
    changedProject: null,
  };
}

function changeTurn(state: ConversationState, turnId: string, fields: Partial<TurnState>): void {
  state.turn = { ...turnOf(state, turnId), ...fields };
}

function closeToolCall(state: ConversationState, turnId: string, toolUseId: string): void {
  const { [toolUseId]: _, ...openToolCalls } = turnOf(state, turnId).openToolCalls;
  changeTurn(state, turnId, { openToolCalls });
}

/** What an answer says of itself, as far as it has come. */
function facts(message: Record<string, unknown> | null): Record<string, unknown> {
  const { model, usage, stop_reason: stopReason } = message ?? {};
  return {
    ...(typeof model === 'string' && { model }),
    ...(usage != null && { usage }),
    ...(stopReason != null && { stopReason }),
  };
}

/** The note goes with the message in every later request. */
function tell(state: ConversationState, messageId: string, note: string | undefined): void {
  if (note !== undefined) state.projectNotes = { ...state.projectNotes, [messageId]: note };
}

/** Without the fields that are not there: a row's metadata has no empty ones. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The partial answer is kept, and says what happened. */
function settleInFlight(state: ConversationState, outcome: Record<string, unknown>, event: EventPlace): void {
  const { inFlight } = state;
  if (!inFlight) return;
  state.inFlight = null;
  const message = state.messages[inFlight.messageId];
  if (!message) return;
  const folded = foldMessage(inFlight.fold);
  const fields: Partial<MessageState> = {
    blocks: folded?.content ?? message.blocks,
    streamingStatus: outcome.outcome === 'cancelled' ? 'complete' : 'error',
    metadata: { ...message.metadata, ...facts(folded), ...outcome },
  };
  changeMessage(state, message.id, fields, event);
}

function settleToolRow(
  state: ConversationState,
  id: string,
  outcome: Record<string, unknown>,
  event: EventPlace,
): void {
  const metadata = { ...state.messages[id]?.metadata, ...outcome };
  changeMessage(state, id, { streamingStatus: 'error', toolError: true, metadata }, event);
}

/**
 * Ends the turn and settles what it left unfinished.
 * @throws Error when the turn has ended before: the first end stands.
 */
function endTurn(
  state: ConversationState,
  turnId: string,
  status: Ended,
  detail: { reason?: string; error?: string; projectVersion?: number },
  event: EventPlace,
): void {
  const turn = turnOf(state, turnId);
  if (!isOpen(turn)) throw new Error(`turn ${turnId} has ended before`);
  const outcome = { outcome: status === 'completed' ? 'interrupted' : status, ...detail };
  settleInFlight(state, outcome, event);
  for (const id of Object.values(turn.openToolCalls)) settleToolRow(state, id, outcome, event);
  const reason = detail.reason ?? null;
  changeTurn(state, turnId, { status, endedSeq: event.seq, openToolCalls: {}, reason });
}

/** A turn from its request to its end, and the rows that it makes. */
export const turnHandlers: Handlers<
  | 'TurnRequested'
  | 'TurnStarted'
  | 'ModelRequested'
  | 'AssistantMessageStarted'
  | 'StreamDeltaReceived'
  | 'AssistantMessageCompleted'
  | 'ToolCallStarted'
  | 'ToolCallSucceeded'
  | 'ToolCallFailed'
  | 'TurnCompleted'
  | 'TurnFailed'
  | 'TurnCancelled'
  | 'TurnInterrupted'
> = {
  TurnRequested(state, { turnId, messageId, model }, { seq }) {
    const fields = { messageId, tipId: messageId, model: model ?? null, requestedSeq: seq };
    changeTurn(state, turnId, { status: 'requested', ...fields });
  },
  TurnStarted(state, { turnId, owner, projectNote }) {
    changeTurn(state, turnId, { status: 'running', owner });
    tell(state, turnOf(state, turnId).messageId, projectNote);
  },
  ModelRequested(state, { turnId, step }) {
    changeTurn(state, turnId, { step });
  },
  AssistantMessageStarted(state, { turnId, messageId, parentId, step }, event) {
    // A step that was never completed and not ended either: its row must not look alive.
    settleInFlight(state, { outcome: 'interrupted' }, event);
    const { projectId } = state;
    const row = { id: messageId, parentId, role: 'assistant', projectId, turnId } as const;
    addMessage(state, { ...row, streamingStatus: 'pending' }, event);
    state.inFlight = { turnId, messageId, startedSeq: event.seq, fold: assistantFold.start() };
    changeTurn(state, turnId, { tipId: messageId, step });
  },
  StreamDeltaReceived(state, delta, event) {
    const { inFlight } = state;
    // A fold that began amid an answer has not got its beginning: the rest makes no message.
    if (!inFlight || event.metadata.turnId !== inFlight.turnId) return;
    const fold = applyDelta(inFlight.fold, delta);
    if (fold === inFlight.fold) return;
    state.inFlight = { ...inFlight, fold };
    const blocks = fold.message?.content ?? [];
    const fields = { blocks, content: textOfBlocks(blocks), streamingStatus: 'streaming' as const };
    changeMessage(state, inFlight.messageId, fields, event);
  },
  AssistantMessageCompleted(state, data, event) {
    const { messageId, message, stopReason, usage, projectVersion } = data;
    if (state.inFlight?.messageId === messageId) state.inFlight = null;
    const blocks = message.content;
    const metadata = {
      ...state.messages[messageId]?.metadata,
      ...facts({ model: message.model, usage, stop_reason: stopReason }),
      ...(projectVersion !== undefined && { projectVersion }),
    };
    const fields = { blocks, content: textOfBlocks(blocks), metadata, streamingStatus: 'complete' as const };
    changeMessage(state, messageId, fields, event);
  },
  ToolCallStarted(state, { turnId, messageId, parentId, toolUseId, toolName, input }, event) {
    const { projectId } = state;
    const row = { id: messageId, parentId, role: 'tool', projectId, turnId, toolUseId, toolName } as const;
    const call = { toolCall: input, content: JSON.stringify(input) };
    addMessage(state, { ...row, ...call, streamingStatus: 'pending' }, event);
    const { openToolCalls } = turnOf(state, turnId);
    changeTurn(state, turnId, {
      tipId: messageId,
      openToolCalls: { ...openToolCalls, [toolUseId]: messageId },
    });
  },
  ToolCallSucceeded(state, data, event) {
    const { turnId, messageId, toolUseId, result, resultBlob } = data;
    const { projectId, projectChanged, projectNote } = data;
    closeToolCall(state, turnId, toolUseId);
    tell(state, messageId, projectNote);
    if (projectChanged && projectId != null) changeTurn(state, turnId, { changedProject: projectId });
    const metadata = { ...state.messages[messageId]?.metadata, ...(resultBlob && { resultBlob }) };
    changeMessage(state, messageId, { toolResult: result, metadata, streamingStatus: 'complete' }, event);
  },
  ToolCallFailed(state, data, event) {
    const { turnId, messageId, assistantMessageId, toolUseId, code, error, projectNote } = data;
    if (messageId == null) {
      const repairs = { ...state.messages[assistantMessageId]?.repairs, [toolUseId]: error };
      changeMessage(state, assistantMessageId, { repairs }, event);
      return;
    }
    closeToolCall(state, turnId, toolUseId);
    tell(state, messageId, projectNote);
    const metadata = { ...state.messages[messageId]?.metadata, reason: code };
    const fields = { toolResult: error, toolError: true, metadata, streamingStatus: 'error' as const };
    changeMessage(state, messageId, fields, event);
  },
  TurnCompleted(state, { turnId, projectVersion }, event) {
    endTurn(state, turnId, 'completed', given({ projectVersion }), event);
  },
  TurnFailed(state, { turnId, code, message, projectVersion }, event) {
    endTurn(state, turnId, 'failed', { reason: code, error: message, ...given({ projectVersion }) }, event);
  },
  TurnCancelled(state, { turnId, reason, projectVersion }, event) {
    endTurn(state, turnId, 'cancelled', given({ reason, projectVersion }), event);
  },
  TurnInterrupted(state, { turnId, reason, projectVersion }, event) {
    endTurn(state, turnId, 'interrupted', { reason, ...given({ projectVersion }) }, event);
  },
};
