import { isRecord } from './json.js';
import { parsePartialJson } from './partial-json.js';
import type { ContentBlock } from './state.js';

/** A message of the Messages API, as far as its events have made it. */
export type FoldedMessage = { content: ContentBlock[]; [field: string]: unknown };

/**
 * One answer, folded from its raw streaming events. Immutable and plain JSON.
 * It makes what the official SDK's `BetaMessageStream` makes of the same events, at a cost of the delta, not of the
 * message: text grows as a rope, tool input is parsed when its block stops.
 */
export type AssistantFold = {
  /** Input of an unfinished tool call is `{}` here; `foldMessage` fills in what has come so far. */
  message: FoldedMessage | null;
  /** Unparsed tool input by block index, from its first delta to the stop of its block. */
  inputs: Record<number, string>;
  /** Indexes of tool calls whose input is no JSON: they must not be run. */
  invalidInputs: number[];
  /** `message_stop` was seen: the answer is whole. */
  stopped: boolean;
  /** Why the events are no answer (a second `message_start`, an `error` event …). What came before it is kept. */
  error: string | null;
};

/** Usage counters of `message_delta` are totals of the whole message and absent where they do not apply. */
const usageTotals = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'server_tool_use',
  'iterations',
  'fallback_credit',
  'output_tokens_details',
];

const inputBlocks = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

function failed(fold: AssistantFold, error: string): AssistantFold {
  return { ...fold, error };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `undefined` is no JSON: the field goes. */
function assignOrDelete(target: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) delete target[field];
  else target[field] = value;
}

function withBlock(
  fold: AssistantFold,
  message: FoldedMessage,
  index: number,
  block: ContentBlock,
): AssistantFold {
  return { ...fold, message: { ...message, content: message.content.with(index, block) } };
}

function startMessage(fold: AssistantFold, message: unknown): AssistantFold {
  if (fold.message) return failed(fold, 'unexpected second message_start');
  if (!isRecord(message) || !Array.isArray(message.content) || !message.content.every(isBlock)) {
    return failed(fold, 'message_start without a message');
  }
  return { ...fold, message: { ...message, content: [...message.content] } };
}

function isBlock(value: unknown): value is ContentBlock {
  return isRecord(value) && typeof value.type === 'string';
}

function startBlock(fold: AssistantFold, message: FoldedMessage, block: unknown): AssistantFold {
  if (!isBlock(block)) return failed(fold, 'content_block_start without a block');
  const next: FoldedMessage = { ...message, content: [...message.content, block] };
  // The last hop's fallback block names the model that answered.
  if (block.type === 'fallback' && isRecord(block.to)) assignOrDelete(next, 'model', block.to.model);
  return { ...fold, message: next };
}

/** The block after a delta of its own type; null when the delta says nothing about this block (or is not known yet). */
function grownBlock(block: ContentBlock, delta: Record<string, unknown>): ContentBlock | null {
  if (delta.type === 'text_delta' && block.type === 'text') {
    return { ...block, text: textOf(block.text) + textOf(delta.text) };
  }
  if (delta.type === 'citations_delta' && block.type === 'text') {
    const before = Array.isArray(block.citations) ? block.citations : [];
    return { ...block, citations: [...before, delta.citation] };
  }
  if (delta.type === 'thinking_delta' && block.type === 'thinking') {
    return { ...block, thinking: textOf(block.thinking) + textOf(delta.thinking) };
  }
  if (delta.type === 'signature_delta' && block.type === 'thinking') {
    return { ...block, signature: delta.signature };
  }
  if (delta.type === 'compaction_delta' && block.type === 'compaction') {
    const next: ContentBlock = { ...block };
    assignOrDelete(next, 'content', delta.content);
    if ('encrypted_content' in delta) next.encrypted_content = delta.encrypted_content;
    return next;
  }
  return null;
}

function growBlock(
  fold: AssistantFold,
  message: FoldedMessage,
  event: Record<string, unknown>,
): AssistantFold {
  const { index, delta } = event;
  const block = typeof index === 'number' ? message.content[index] : undefined;
  if (!block || !isRecord(delta)) return failed(fold, 'content_block_delta for a block that has not begun');
  const at = index as number;
  if (delta.type === 'input_json_delta') {
    if (!inputBlocks.has(block.type)) return fold;
    const before = fold.inputs[at];
    const grown = { ...fold, inputs: { ...fold.inputs, [at]: (before ?? '') + textOf(delta.partial_json) } };
    // The first delta replaces whatever input the block began with.
    return before === undefined ? withBlock(grown, message, at, { ...block, input: {} }) : grown;
  }
  const next = grownBlock(block, delta);
  return next ? withBlock(fold, message, at, next) : fold;
}

function partialInput(json: string): unknown {
  try {
    return parsePartialJson(json);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function parsedInput(json: string): { input: unknown; valid: boolean } {
  if (json.trim() === '') return { input: {}, valid: true };
  try {
    return { input: JSON.parse(json), valid: true };
  } catch (error) {
    if (error instanceof SyntaxError) return { input: partialInput(json), valid: false };
    throw error;
  }
}

function stopBlock(fold: AssistantFold, message: FoldedMessage, index: unknown): AssistantFold {
  const block = typeof index === 'number' ? message.content[index] : undefined;
  if (!block) return failed(fold, 'content_block_stop for a block that has not begun');
  const at = index as number;
  const json = fold.inputs[at];
  if (json === undefined) return fold;
  const { input, valid } = parsedInput(json);
  const { [at]: _, ...inputs } = fold.inputs;
  const invalidInputs = valid ? fold.invalidInputs : [...fold.invalidInputs, at];
  return withBlock({ ...fold, inputs, invalidInputs }, message, at, { ...block, input });
}

function deltaMessage(
  fold: AssistantFold,
  message: FoldedMessage,
  event: Record<string, unknown>,
): AssistantFold {
  const { delta, usage } = event;
  if (!isRecord(delta) || !isRecord(usage)) return failed(fold, 'message_delta without delta or usage');
  const next: FoldedMessage = { ...message };
  for (const field of ['stop_reason', 'stop_sequence', 'stop_details']) {
    assignOrDelete(next, field, delta[field]);
  }
  if (delta.container != null) next.container = delta.container;
  for (const field of ['context_management', 'input_transformations']) {
    if (event[field] != null) next[field] = event[field];
  }
  const totals: Record<string, unknown> = isRecord(message.usage) ? { ...message.usage } : {};
  assignOrDelete(totals, 'output_tokens', usage.output_tokens);
  for (const field of usageTotals) {
    if (usage[field] != null) totals[field] = usage[field];
  }
  next.usage = totals;
  return { ...fold, message: next };
}

function errorText(error: unknown): string {
  if (!isRecord(error)) return 'error event';
  return [error.type, error.message].filter((part) => typeof part === 'string').join(': ') || 'error event';
}

type Step = (fold: AssistantFold, message: FoldedMessage, event: Record<string, unknown>) => AssistantFold;

/** What each event does to a message that has begun. */
const steps: Partial<Record<string, Step>> = {
  content_block_start: (fold, message, event) => startBlock(fold, message, event.content_block),
  content_block_delta: growBlock,
  content_block_stop: (fold, message, event) => stopBlock(fold, message, event.index),
  message_delta: deltaMessage,
  message_stop: (fold) => ({ ...fold, stopped: true }),
};

/**
 * The fold after one more raw event. Never throws: events that make no answer set `error`, after which nothing changes.
 * Unknown event and delta types change nothing (the same object comes back); unknown block types are kept as they came.
 */
export function applyDelta(fold: AssistantFold, event: unknown): AssistantFold {
  if (fold.error !== null || !isRecord(event)) return fold;
  const { type } = event;
  if (type === 'message_start') return startMessage(fold, event.message);
  if (type === 'error') return failed(fold, errorText(event.error));
  const step = typeof type === 'string' && Object.hasOwn(steps, type) ? steps[type] : undefined;
  if (!step) return fold;
  if (!fold.message) return failed(fold, `${String(type)} before message_start`);
  return step(fold, fold.message, event);
}

/**
 * The message so far, with the input of unfinished tool calls as far as it came; null before `message_start`.
 * It is the whole answer only where `stopped` is true and `error` is null. Equal, field for field, to the SDK's
 * `finalMessage()`, which adds `parsed_output: null`.
 */
export function foldMessage(fold: AssistantFold): FoldedMessage | null {
  if (!fold.message) return null;
  const content = [...fold.message.content];
  for (const [index, json] of Object.entries(fold.inputs)) {
    content[Number(index)] = { ...content[Number(index)]!, input: partialInput(json) };
  }
  return { ...fold.message, content, parsed_output: null };
}

/** Where a fold begins. */
export const assistantFold = {
  /** The fold before the first event. */
  start(): AssistantFold {
    return { message: null, inputs: {}, invalidInputs: [], stopped: false, error: null };
  },
};
