import type { StoredCommand } from '#event-log';
import type { Decision } from '#model';

/** What a command made or touched, by name: the resource is rendered as of `seqTo`, so a repeat renders the same. */
export type CommandResult = {
  /** The HTTP status of the first answer. */
  status: number;
  kind: 'conversation' | 'message' | 'turn' | 'none';
  /** Of the conversation, message or turn that the answer shows; absent for `none`. */
  id?: string;
  conversationId: string;
  turnId?: string;
  /** The message that was made or changed; for a turn, the one that it answers. */
  messageId?: string;
};

/** The outcome of a command that was accepted; equal for every repeat but for `replayed`. */
export type CommandAnswer = {
  status: number;
  result: CommandResult;
  streamId: string;
  /** Of the first event that it appended; null when it changed nothing. */
  seqFrom: number | null;
  /** Of its last event; where it changed nothing, the position that it was decided at. */
  seqTo: number;
  /** It was answered before, and changed nothing now. */
  replayed: boolean;
};

/** What of a decision every repeat of its command is told. */
export function resultOf({ status, result }: Decision, conversationId: string): CommandResult {
  switch (result.kind) {
    case 'turn':
      return { status, conversationId, ...result, turnId: result.id };
    case 'message':
      return { status, conversationId, ...result, messageId: result.id };
    case 'conversation':
    case 'none':
      return { status, conversationId, ...result };
    default:
      return result satisfies never;
  }
}

/** The first answer again. */
export function replay(stored: StoredCommand): CommandAnswer {
  const result = stored.result as CommandResult;
  const { streamId, seqFrom, seqTo } = stored;
  return { status: result.status, result, streamId, seqFrom, seqTo, replayed: true };
}
