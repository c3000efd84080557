import { estimateTokens, exchangesFrom, tokensOfExchange, type Exchange } from './context-exchanges.js';
import { requestMessages, type RequestMessage } from './context-messages.js';
import { pathTo } from './message-tree.js';
import type { ConversationState } from './state.js';

/** A tool as the Messages API is told of it. */
export type ToolDefinition = {
  name: string;
  description?: string;
  input_schema: Record<string, unknown>;
};

/** Everything beside the conversation that shapes a request. Logged with each request, so that it can be built again. */
export type RequestSettings = {
  model: string;
  system: string;
  maxTokens: number;
  /** Upper bound, by estimate, of system prompt, tools and messages together. */
  contextTokens: number;
  tools: readonly ToolDefinition[];
};

/** The body of `POST /v1/messages`. */
export type MessagesRequest = {
  model: string;
  max_tokens: number;
  system?: string;
  tools?: ToolDefinition[];
  messages: RequestMessage[];
  stream: true;
};

/** A request, and the events that it is a pure function of. */
export type BuiltRequest = {
  request: MessagesRequest;
  /** The events from `fromSeq` to `toSeq` are all that the request was made of. */
  fromSeq: number;
  toSeq: number;
  /** Events older than those that are loaded could not change it. While this is false, load more and build again. */
  decided: boolean;
};

/** The exchanges that are sent, newest first. */
type Window = { exchanges: Exchange[]; decided: boolean };

/** A note comes later than its message, so a state that has the message has it too. */
function tokensOfNotes({ projectNotes }: ConversationState, { messages }: Exchange): number {
  return messages.reduce((tokens, { id }) => tokens + estimateTokens(projectNotes?.[id] ?? ''), 0);
}

function choose(state: ConversationState, tipId: string, settings: RequestSettings): Window {
  const { system, tools, contextTokens } = settings;
  let left = contextTokens - estimateTokens(system) - estimateTokens(JSON.stringify(tools));
  const exchanges: Exchange[] = [];
  let decided = false;
  for (const exchange of exchangesFrom(state, tipId)) {
    left -= tokensOfExchange(exchange) + tokensOfNotes(state, exchange);
    // The newest exchange is what the turn is about: it goes however large it is.
    if (left < 0 && exchanges.length > 0) return { exchanges, decided: true };
    if (!exchange.whole) return { exchanges, decided: false };
    exchanges.push(exchange);
    decided = exchange.messages[0]!.parentId === null;
  }
  return { exchanges, decided };
}

/**
 * What Claude is sent at this state: the system prompt and the newest whole exchanges up to `tipId` that fit
 * `contextTokens`, tool calls with their results. A pure function of the state; a state folded from the events from
 * `fromSeq` on alone makes the same request.
 */
export function buildRequest(
  state: ConversationState,
  tipId: string,
  settings: RequestSettings,
): BuiltRequest {
  const { exchanges, decided } = choose(state, tipId, settings);
  const messages = exchanges.toReversed().flatMap((exchange) => exchange.messages);
  const { model, system, maxTokens, tools } = settings;
  const request: MessagesRequest = {
    model,
    max_tokens: maxTokens,
    ...(system !== '' && { system }),
    ...(tools.length > 0 && { tools: [...tools] }),
    messages: requestMessages(messages, state.projectNotes),
    stream: true,
  };
  return { request, fromSeq: messages[0]?.seq ?? state.seq, toSeq: state.seq, decided };
}

/** `buildRequest(…).decided`, for less: enough of the log has been read. */
export function isContextLoaded(state: ConversationState, tipId: string, settings: RequestSettings): boolean {
  return choose(state, tipId, settings).decided;
}

/** A tool call on the way to `tipId` that will never get a result of its own. */
export type UnansweredCall = { assistantMessageId: string; toolUseId: string; toolName: string };

/**
 * The tool calls that aborted turns left without a row and without a repair, oldest first. A turn logs a `ToolCallFailed`
 * without `messageId` for each before its first request.
 */
export function unansweredCalls(state: ConversationState, tipId: string): UnansweredCall[] {
  const path = pathTo(state, tipId);
  return path.flatMap((answer, at) => {
    if (answer.role !== 'assistant') return [];
    const next = path.findIndex((message, index) => index > at && message.role !== 'tool');
    const rows = path.slice(at + 1, next === -1 ? undefined : next);
    return answer.blocks
      .filter(({ type, id }) => type === 'tool_use' && typeof id === 'string')
      .map(({ id, name }) => ({
        assistantMessageId: answer.id,
        toolUseId: id as string,
        toolName: String(name),
      }))
      .filter(({ toolUseId }) => !Object.hasOwn(answer.repairs, toolUseId))
      .filter(({ toolUseId }) => !rows.some((row) => row.toolUseId === toolUseId));
  });
}
