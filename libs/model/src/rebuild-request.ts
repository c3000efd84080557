import { buildRequest, type BuiltRequest, type RequestSettings, type ToolDefinition } from './context.js';
import type { EventData, LoggedEvent } from './events.js';
import { foldEvents } from './evolve.js';

/** What `ModelRequested.params` holds: the settings, without the model, which stands beside it. */
export function requestParams(settings: RequestSettings): EventData<'ModelRequested'>['params'] {
  const { system, maxTokens, contextTokens, tools } = settings;
  return { system, maxTokens, contextTokens, tools };
}

/**
 * The request that a `ModelRequested` stands for, built again from the conversation's events from its `fromSeq` to its
 * `toSeq`, deltas included (those of finished answers may be left out).
 * @throws Error when those events hold no turn.
 */
export function rebuildRequest(
  conversationId: string,
  events: Iterable<LoggedEvent>,
  { model, params }: EventData<'ModelRequested'>,
): BuiltRequest {
  const state = foldEvents(conversationId, events);
  if (!state.turn?.messageId) throw new Error('the events hold no request of a turn');
  const settings: RequestSettings = {
    model,
    system: params.system as string,
    maxTokens: params.maxTokens as number,
    contextTokens: params.contextTokens as number,
    tools: params.tools as ToolDefinition[],
  };
  return buildRequest(state, state.turn.tipId, settings);
}
