import type { ConversationState, MessageState } from './state.js';

/** A question and everything that answered it, oldest first. Removed rows stand in their places, but cost nothing. */
export type Exchange = {
  messages: MessageState[];
  /** False where the beginning is not loaded. */
  whole: boolean;
};

/** UTF-8 bytes a token: English prose has about four, code and JSON about three, CJK three a character. */
const BYTES_PER_TOKEN = 3;
/** What a message costs beside its text. */
const MESSAGE_TOKENS = 4;

function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) length += 2;
    else if (unit > 0x7f) length += 1;
  }
  return length;
}

/** About how many tokens a text is, rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(utf8Length(text) / BYTES_PER_TOKEN);
}

function tokensOfJson(value: unknown): number {
  return estimateTokens(JSON.stringify(value) ?? '');
}

/** Depends on the message alone, so that any part of an exchange costs no more than the whole. */
function tokensOfMessage(message: MessageState): number {
  if (message.removed) return 0;
  let tokens = MESSAGE_TOKENS + tokensOfJson(message.blocks) + tokensOfJson(message.repairs);
  if (message.role === 'tool') {
    tokens += tokensOfJson(message.toolResult);
    // The call of a turn's row stands in the answer that asked for it.
    if (message.toolUseId === null) tokens += tokensOfJson(message.toolCall);
  }
  return tokens;
}

export function tokensOfExchange({ messages }: Exchange): number {
  return messages.reduce((tokens, message) => tokens + tokensOfMessage(message), 0);
}

function beginsExchange({ role }: MessageState): boolean {
  return role === 'user' || role === 'system';
}

/**
 * The exchanges from the tip back to the root, newest first, made one at a time: whoever stops early has not walked
 * the rest. In a partial state the last one may not be whole.
 */
export function* exchangesFrom(state: ConversationState, tipId: string): Generator<Exchange> {
  let messages: MessageState[] = [];
  let message = state.messages[tipId];
  while (message) {
    messages.push(message);
    const { parentId, seq }: MessageState = message;
    const parent: MessageState | undefined = parentId === null ? undefined : state.messages[parentId];
    const next = parent && parent.seq < seq ? parent : undefined;
    if (beginsExchange(message) || !next) {
      yield { messages: messages.toReversed(), whole: beginsExchange(message) || parentId === null };
      messages = [];
    }
    message = next;
  }
}
