import type { LoggedEvent } from './events.js';

/** Tokens of all answers that were completed, as the model counted them. */
export type TokenUsage = {
  inputTokens: number;
  outputTokens: number;
  cacheCreationInputTokens: number;
  cacheReadInputTokens: number;
};

/** A tool call that has begun and not ended. */
export type OpenToolCall = { toolUseId: string; messageId: string; toolName: string };

/** Before the first answer. */
export const noUsage: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cacheCreationInputTokens: 0,
  cacheReadInputTokens: 0,
};

type Read = Pick<LoggedEvent, 'type' | 'data'>;

/**
 * The open calls after an event that could be read, oldest first. Which are open the folded state says (`open`: tool use id
 * → message id), what they are called their first event does.
 */
export function openCallsAfter(
  before: OpenToolCall[],
  open: Record<string, string>,
  { type, data }: Read,
): OpenToolCall[] {
  const begun = type === 'ToolCallStarted' ? [data as OpenToolCall] : [];
  return (
    [...before, ...begun]
      // an id that is used again means the later call
      .filter(({ toolUseId, messageId }) => Object.hasOwn(open, toolUseId) && open[toolUseId] === messageId)
      .map(({ toolUseId, messageId, toolName }) => ({ toolUseId, messageId, toolName }))
  );
}

/** The tokens after an event that could be read; a count that is no whole number above 0 adds nothing. */
export function usageAfter(before: TokenUsage, { type, data }: Read): TokenUsage {
  if (type !== 'AssistantMessageCompleted') return before;
  const { usage } = data as { usage: Record<string, unknown> | null };
  const count = (field: string): number => {
    const value = usage?.[field];
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  return {
    inputTokens: before.inputTokens + count('input_tokens'),
    outputTokens: before.outputTokens + count('output_tokens'),
    cacheCreationInputTokens: before.cacheCreationInputTokens + count('cache_creation_input_tokens'),
    cacheReadInputTokens: before.cacheReadInputTokens + count('cache_read_input_tokens'),
  };
}
