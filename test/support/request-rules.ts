import type { MessagesRequest } from '#model';

type Block = MessagesRequest['messages'][number]['content'][number];

const isText = ({ type }: Block) => type === 'text';

function blockProblem(block: Block): string | null {
  if (isText(block) && String(block.text).trim() === '') return 'a text block without text';
  if (block.type === 'thinking' && !block.signature) return 'unsigned thinking';
  if (
    /\p{Surrogate}/u.test(JSON.stringify(block).replaceAll(/\\\\/g, '')) ||
    /\\ud[89a-f]/i.test(JSON.stringify(block))
  ) {
    return 'half a surrogate pair';
  }
  return null;
}

/** The calls of an assistant message and the results that follow it belong together, each once. */
function pairingProblem(messages: MessagesRequest['messages'], index: number): string | null {
  const { role, content } = messages[index]!;
  const results = content.filter(({ type }) => type === 'tool_result');
  if (role === 'assistant') {
    if (results.length > 0) return 'a tool result in an assistant message';
    const calls = content.filter(({ type }) => type === 'tool_use');
    const next = messages[index + 1]?.content ?? [];
    const answered = next
      .slice(0, calls.length)
      .map((block) => block.type === 'tool_result' && block.tool_use_id);
    if (!calls.every(({ id }, at) => answered[at] === id))
      return 'a call whose result does not come first in the next message';
    if (['thinking', 'redacted_thinking'].includes(content.at(-1)!.type))
      return 'an assistant message that ends in thinking';
    const open = content.filter(
      ({ type, id }) => type === 'server_tool_use' && !content.some((b) => b.tool_use_id === id),
    );
    if (open.length > 0 && index < messages.length - 1) return 'a server call without a result';
    return null;
  }
  const before = messages[index - 1]?.content.filter(({ type }) => type === 'tool_use') ?? [];
  if (results.length !== before.length) return 'a tool result without its call';
  return content.some(({ type }) => type === 'tool_use') ? 'a call in a user message' : null;
}

/** What the Messages API would refuse the request for; null when it would take it. */
export function requestProblem({ messages }: MessagesRequest): string | null {
  if (messages[0]?.role !== 'user') return 'the first message is not the user’s';
  for (const [index, { role, content }] of messages.entries()) {
    if (content.length === 0) return 'a message without content';
    if (messages[index - 1]?.role === role) return 'roles do not alternate';
    const problem =
      content.map(blockProblem).find((found) => found !== null) ?? pairingProblem(messages, index);
    if (problem) return `message ${index}: ${problem}`;
  }
  return null;
}
