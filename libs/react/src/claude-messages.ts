import type { JsonValue, Message } from '#contracts';
import type { ContentBlock } from '#model';
import type { ClaudeStreamMessage } from './use-claude-stream.types.js';

/** A failed answer or call ends with why. */
function failureOf({ metadata, toolResult }: Message): string {
  const { error, reason } = metadata;
  if (typeof toolResult === 'string') return toolResult;
  return [error, reason].find((text) => typeof text === 'string') ?? 'interrupted';
}

/** The text blocks that are whole: the last one of an answer that is being written is not. */
function finishedTexts({ blocks = [], streamingStatus }: Message): string[] {
  const isWhole = streamingStatus !== 'pending' && streamingStatus !== 'streaming';
  const finished = (isWhole ? blocks : blocks.slice(0, -1)) as ContentBlock[];
  return finished.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' && text !== '' ? [text] : [],
  );
}

/** The steps of the newest turn as the LOL app takes them, oldest first: the rows after the last thing that was asked. */
export function claudeMessages(messages: readonly Message[]): ClaudeStreamMessage[] {
  const asked = messages.findLastIndex(({ role }) => role === 'user');
  const steps: ClaudeStreamMessage[] = [];
  let calls: string[] = [];
  for (const message of messages.slice(asked + 1)) {
    const { id: messageId, conversationId, role, updatedAt, createdAt } = message;
    const step = (type: ClaudeStreamMessage['type'], data: ClaudeStreamMessage['data'], at: string): void =>
      void steps.push({ type, data, timestamp: Date.parse(at), messageId, conversationId });
    if (role === 'assistant') {
      for (const content of finishedTexts(message)) step('assistant', { content }, createdAt);
      calls = (message.blocks ?? []).flatMap(({ type, id }) => (type === 'tool_use' ? [String(id)] : []));
      if (message.streamingStatus === 'error') step('error', { error: failureOf(message) }, updatedAt);
    } else if (role === 'tool') {
      const toolInput = (message.toolCall ?? {}) as JsonValue;
      step('tool_use', { tool: message.toolName ?? '', toolInput }, createdAt);
      const toolUseId = calls.shift() ?? messageId;
      if (message.streamingStatus === 'complete' || message.streamingStatus === 'error') {
        const toolOutput = (message.toolResult ?? failureOf(message)) as JsonValue;
        step('tool_result', { tool: toolUseId, toolOutput }, updatedAt);
      }
    }
  }
  return steps;
}
