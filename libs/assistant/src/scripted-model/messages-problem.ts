import type { ScriptedBlock, ScriptedMessage } from './protocol.js';

const toolIdPattern = /^[a-zA-Z0-9_-]+$/;

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What the Messages API would refuse in `messages`, in its words; null if nothing. */
export function messagesProblem(messages: unknown): string | null {
  if (!Array.isArray(messages)) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  const toolIds = new Set<string>();
  for (const [index, message] of (messages as unknown[]).entries()) {
    if (!isFields(message) || (message.role !== 'user' && message.role !== 'assistant'))
      return `messages.${index}.role: Input should be 'user' or 'assistant'`;
    // The API merges neighbours of one role; a builder that leaves them has lost track, so it is told.
    if (message.role !== (index % 2 === 0 ? 'user' : 'assistant'))
      return index === 0
        ? 'messages: first message must use the "user" role'
        : `messages: roles must alternate between "user" and "assistant", but found multiple "${message.role}" roles in a row`;
    const last = index === messages.length - 1;
    const problem =
      contentProblem(index, message as ScriptedMessage, last, toolIds) ??
      resultsProblem(index, messages[index - 1] as ScriptedMessage | undefined, message as ScriptedMessage);
    if (problem !== null) return problem;
  }
  const final = messages.at(-1) as ScriptedMessage;
  const open = final.role === 'assistant' ? callIds(final) : [];
  return open.length > 0 ? unanswered(messages.length - 1, open) : null;
}

function contentProblem(
  index: number,
  message: ScriptedMessage,
  last: boolean,
  toolIds: Set<string>,
): string | null {
  const mayBeEmpty = last && message.role === 'assistant';
  const { content } = message;
  if (typeof content === 'string') {
    if (content === '' && !mayBeEmpty)
      return `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
    if (content.trim() === '' && content !== '')
      return 'messages: text content blocks must contain non-whitespace text';
    return last && message.role === 'assistant' && /\s$/.test(content) ? trailingSpace : null;
  }
  if (!Array.isArray(content)) return `messages.${index}.content: Input should be a valid list`;
  if (content.length === 0 && !mayBeEmpty)
    return `messages.${index}: all messages must have non-empty content except for the optional final assistant message`;
  for (const [at, block] of content.entries()) {
    const problem = blockProblem(`messages.${index}.content.${at}`, message.role, block, toolIds);
    if (problem !== null) return problem;
  }
  const end = content.at(-1);
  return mayBeEmpty && end?.type === 'text' && /\s$/.test(String(end.text)) ? trailingSpace : null;
}

const trailingSpace = 'messages: final assistant content cannot end with trailing whitespace';

function blockProblem(where: string, role: string, block: unknown, toolIds: Set<string>): string | null {
  if (!isFields(block) || typeof block.type !== 'string') return `${where}.type: Field required`;
  switch (block.type) {
    case 'text':
      if (typeof block.text !== 'string') return `${where}.text.text: Field required`;
      if (block.text === '') return 'messages: text content blocks must be non-empty';
      return block.text.trim() === ''
        ? 'messages: text content blocks must contain non-whitespace text'
        : null;
    case 'thinking':
      return typeof block.signature === 'string' && block.signature !== ''
        ? null
        : `${where}.thinking.signature: Field required`;
    case 'tool_use':
      if (role !== 'assistant') return `${where}: \`tool_use\` blocks can only be in \`assistant\` messages`;
      if (typeof block.id !== 'string' || !toolIdPattern.test(block.id))
        return `${where}.tool_use.id: String should match pattern '${toolIdPattern.source}'`;
      if (toolIds.has(block.id)) return `${where}: \`tool_use\` ids must be unique`;
      toolIds.add(block.id);
      if (typeof block.name !== 'string' || block.name === '')
        return `${where}.tool_use.name: Field required`;
      return isFields(block.input) ? null : `${where}.tool_use.input: Input should be a valid dictionary`;
    case 'tool_result':
      if (role !== 'user') return `${where}: \`tool_result\` blocks can only be in \`user\` messages`;
      return resultContentProblem(where, block.content);
    default:
      return null;
  }
}

function resultContentProblem(where: string, content: unknown): string | null {
  if (content === undefined || typeof content === 'string') return null;
  if (!Array.isArray(content)) return `${where}.tool_result.content: Input should be a valid string`;
  return content.every(
    (part) => isFields(part) && (part.type !== 'text' || (typeof part.text === 'string' && part.text !== '')),
  )
    ? null
    : 'messages: text content blocks must be non-empty';
}

const blocksOf = (message: ScriptedMessage | undefined): ScriptedBlock[] =>
  Array.isArray(message?.content) ? message.content : [];

const callIds = (message: ScriptedMessage | undefined): string[] =>
  blocksOf(message).flatMap((block) => (block.type === 'tool_use' ? [String(block.id)] : []));

const unanswered = (index: number, ids: string[]): string =>
  `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(', ')}. ` +
  'Each `tool_use` block must have a corresponding `tool_result` block in the next message.';

/** The results must answer exactly the calls of the message before, and stand before anything else. */
function resultsProblem(
  index: number,
  before: ScriptedMessage | undefined,
  message: ScriptedMessage,
): string | null {
  const blocks = blocksOf(message);
  const firstOther = blocks.findIndex((block) => block.type !== 'tool_result');
  const leading = firstOther === -1 ? blocks : blocks.slice(0, firstOther);
  const asked = before?.role === 'assistant' ? callIds(before) : [];
  const answered = leading.map((block) => String(block.tool_use_id));
  const open = asked.filter((id) => !answered.includes(id));
  if (open.length > 0) return unanswered(index - 1, open);
  const all = blocks.flatMap((block) => (block.type === 'tool_result' ? [String(block.tool_use_id)] : []));
  const stray = all.find((id, at) => !asked.includes(id) || all.indexOf(id) !== at);
  return stray === undefined
    ? null
    : `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}. ` +
        'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.';
}
