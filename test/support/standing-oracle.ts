import type { ConversationStateAt } from '#projections';
import { foldEvents, type LoggedEvent } from '#model';

type Standing = Pick<ConversationStateAt, 'turn' | 'openToolCalls' | 'usage' | 'project'> & {
  writingId: string | undefined;
};

/** What stood after the events, from the model's fold of all of them and from nothing else. */
export function standingOf(streamId: string, events: LoggedEvent[]): Standing {
  const { turn, inFlight, project } = foldEvents(streamId, events);
  const names = new Map(
    events
      .filter(({ type }) => type === 'ToolCallStarted')
      .map(({ data }) => data as { messageId: string; toolName: string })
      .map(({ messageId, toolName }) => [messageId, toolName]),
  );
  const openToolCalls = Object.entries(turn?.openToolCalls ?? {}).map(([toolUseId, messageId]) => {
    return { toolUseId, messageId, toolName: names.get(messageId) ?? '' };
  });
  return {
    ...(turn && { turn: { id: turn.turnId, status: turn.status } }),
    openToolCalls,
    usage: usageOf(events),
    ...(project && { project: { id: project.id, seq: project.seq } }),
    writingId: inFlight?.messageId,
  };
}

function usageOf(events: LoggedEvent[]): ConversationStateAt['usage'] {
  const usages = events
    .filter(({ type }) => type === 'AssistantMessageCompleted')
    .map(({ data }) => (data as { usage: Record<string, number> | null }).usage ?? {});
  const sum = (field: string) => usages.reduce((total, usage) => total + (usage[field] ?? 0), 0);
  return {
    inputTokens: sum('input_tokens'),
    outputTokens: sum('output_tokens'),
    cacheCreationInputTokens: sum('cache_creation_input_tokens'),
    cacheReadInputTokens: sum('cache_read_input_tokens'),
  };
}
