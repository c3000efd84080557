import { isRecord } from './json.js';
import type { ContentBlock, MessageState } from './state.js';

/** What stands in a tool's result where a turn ended before there was one. */
const UNANSWERED = 'The call did not finish: the turn ended before it had a result.';

const isThinking = ({ type }: ContentBlock) => type === 'thinking' || type === 'redacted_thinking';

/** Replaces halves of surrogate pairs: no JSON parser has to accept them, and one would make every later turn fail. */
function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [wellFormed(key), wellFormed(field)]),
  );
}

/** The API refuses text blocks without text. */
function hasText(block: ContentBlock): boolean {
  return block.type !== 'text' || (typeof block.text === 'string' && block.text.trim() !== '');
}

/** Signed thinking goes back as it came or not at all; unsigned thinking is what an aborted answer leaves. */
function isSendableThinking(block: ContentBlock): boolean {
  if (block.type !== 'thinking') return true;
  const { signature, thinking } = block;
  return typeof signature === 'string' && signature !== '' && !/\p{Surrogate}/u.test(String(thinking));
}

/** The API knows no system message between others: it is marked as what it is. */
const asSystem = (text: string): string => `<system>\n${text}\n</system>`;

/** What the service says, in a message of the user's. */
export function noteBlock(note: string | undefined): ContentBlock[] {
  return note === undefined ? [] : [{ type: 'text', text: asSystem(note) }];
}

export function userBlocks(message: MessageState): ContentBlock[] {
  const blocks = message.blocks.filter(hasText).map((block) => wellFormed(block) as ContentBlock);
  if (message.role !== 'system') return blocks;
  return blocks.map((block) =>
    block.type === 'text' ? { ...block, text: asSystem(String(block.text)) } : block,
  );
}

/** The API wants an object; what the model wrote instead would make every later turn fail. */
function withObjectInput(block: ContentBlock): ContentBlock {
  if (!/(^|_)tool_use$/.test(block.type) || isRecord(block.input)) return block;
  return { ...block, input: block.input == null ? {} : { input: block.input } };
}

export function answerBlocks(message: MessageState): ContentBlock[] {
  const blocks = message.blocks.filter((block) => hasText(block) && isSendableThinking(block));
  // An assistant message must not end in thinking, as one does that was stopped before its text began.
  const end = blocks.findLastIndex((block) => !isThinking(block)) + 1;
  return blocks.slice(0, end).map((block) => wellFormed(withObjectInput(block)) as ContentBlock);
}

function toolResult(toolUseId: string, result: unknown, isError: boolean): ContentBlock {
  const content = typeof result === 'string' ? result : JSON.stringify(result);
  return {
    type: 'tool_result',
    tool_use_id: toolUseId,
    ...(content !== '' && { content: wellFormed(content) }),
    ...(isError && { is_error: true }),
  };
}

/** The result of a call: its row's, else the repair that was logged, else that there is none. */
export function resultOf(
  toolUseId: string,
  answer: MessageState,
  row: MessageState | undefined,
): ContentBlock {
  if (row && row.toolResult !== null) return toolResult(toolUseId, row.toolResult, row.toolError);
  if (row?.streamingStatus === 'complete') return toolResult(toolUseId, '', row.toolError);
  const repair = Object.hasOwn(answer.repairs, toolUseId) ? answer.repairs[toolUseId] : undefined;
  return toolResult(toolUseId, repair ?? UNANSWERED, true);
}

/** A tool row that no answer asked for (another program posted it, or the answer was removed), as call and result. */
export function pairOf(row: MessageState): { call: ContentBlock; result: ContentBlock } {
  const id = `row_${row.id}`;
  const name = (row.toolName ?? '').replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 128) || 'tool';
  const result = row.toolResult ?? (row.toolCall === null ? row.content : '');
  const call = withObjectInput({ type: 'tool_use', id, name, input: row.toolCall });
  return {
    call: wellFormed(call) as ContentBlock,
    result: toolResult(id, result, row.toolError),
  };
}
