import type { LoggedEvent } from '#model';

/** What the current rows show of a conversation that the model's state does not keep; from the events alone. */
export type ModelFacts = {
  /** The last event that is no delta. */
  lastSeq: number;
  /** The last event that is worth a row of the track. */
  moment: { seq: number; at: string } | null;
  /** By message: the last chunk that was appended to it. */
  chunkSeqs: Map<string, number>;
  /** By the message of the call. */
  toolNames: Map<string, string>;
  tokens: Record<(typeof tokenFields)[number], number>;
};

const tokenFields = [
  'input_tokens',
  'output_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
] as const;
const noMoments = new Set(['ModelRequested', 'MessageChunkAppended', 'StreamDeltaReceived']);

export function noFacts(): ModelFacts {
  const tokens = {
    input_tokens: 0,
    output_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  return { lastSeq: 0, moment: null, chunkSeqs: new Map(), toolNames: new Map(), tokens };
}

/** Takes one more event in. */
export function noteFacts(facts: ModelFacts, { seq, at, type, data }: LoggedEvent): void {
  const { messageId, toolName, usage } = (data ?? {}) as Record<string, unknown>;
  if (type !== 'StreamDeltaReceived') facts.lastSeq = seq;
  if (!noMoments.has(type)) facts.moment = { seq, at };
  if (type === 'MessageChunkAppended') facts.chunkSeqs.set(String(messageId), seq);
  if (type === 'ToolCallStarted') facts.toolNames.set(String(messageId), String(toolName));
  if (type !== 'AssistantMessageCompleted') return;
  for (const field of tokenFields) {
    const count = (usage as Record<string, unknown> | null | undefined)?.[field];
    if (Number.isSafeInteger(count) && (count as number) > 0) facts.tokens[field] += count as number;
  }
}
