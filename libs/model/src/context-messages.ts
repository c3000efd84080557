import { answerBlocks, noteBlock, pairOf, resultOf, userBlocks } from './context-blocks.js';
import type { ContentBlock, MessageState } from './state.js';

/** One entry of `messages` in a request of the Messages API; roles alternate. */
export type RequestMessage = { role: 'user' | 'assistant'; content: ContentBlock[] };

/** Stands where the API wants a user message and the conversation has none: it begins with an answer. */
const NO_QUESTION = '(The conversation begins here.)';

/** Roles alternate: blocks of the same role in a row make one message. */
function append(messages: RequestMessage[], role: RequestMessage['role'], blocks: ContentBlock[]): void {
  if (blocks.length === 0) return;
  const last = messages.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else messages.push({ role, content: [...blocks] });
}

function toolUseIds(blocks: readonly ContentBlock[]): string[] {
  return blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => String(id));
}

/** An answer, then the results of all its calls in the order of the calls, in one message: the API asks for both. */
function appendAnswer(messages: RequestMessage[], answer: MessageState, rows: MessageState[]): void {
  const blocks = answerBlocks(answer);
  append(messages, 'assistant', blocks);
  const unclaimed = new Set(rows);
  const results = toolUseIds(blocks).map((id) => {
    const row = rows.find(({ toolUseId }) => toolUseId === id);
    if (row) unclaimed.delete(row);
    return resultOf(id, answer, row);
  });
  append(messages, 'user', results);
  for (const row of unclaimed) appendPair(messages, row);
}

function appendPair(messages: RequestMessage[], row: MessageState): void {
  const { call, result } = pairOf(row);
  append(messages, 'assistant', [call]);
  append(messages, 'user', [result]);
}

/** The server ran these tools within the answer: where it was cut off before a result, the call goes too. */
function withoutUnfinishedServerCalls(blocks: ContentBlock[]): ContentBlock[] {
  const answered = new Set(blocks.map((block) => block.tool_use_id));
  return blocks.filter(
    ({ type, id }) => (type !== 'server_tool_use' && type !== 'mcp_tool_use') || answered.has(id),
  );
}

/** Only at the very end may a server's call be unfinished: a paused turn goes on from there. */
function cleaned(messages: RequestMessage[]): RequestMessage[] {
  const result: RequestMessage[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const open = role === 'user' || index === messages.length - 1;
    append(result, role, open ? content : withoutUnfinishedServerCalls(content));
  }
  return result;
}

/**
 * The rows of a path as the Messages API wants them: roles alternate, a user message is first, no call lacks a result.
 * `notes` are what the service says with a user message or behind a tool's result, by the row's id.
 */
export function requestMessages(
  path: readonly MessageState[],
  notes: Readonly<Record<string, string>> = {},
): RequestMessage[] {
  const messages: RequestMessage[] = [];
  const rest = path.filter(({ removed }) => !removed);
  for (let at = 0; at < rest.length; at += 1) {
    const message = rest[at]!;
    switch (message.role) {
      case 'user':
      case 'system':
        append(messages, 'user', [...noteBlock(notes[message.id]), ...userBlocks(message)]);
        break;
      case 'assistant': {
        const rows: MessageState[] = [];
        while (rest[at + 1]?.role === 'tool') rows.push(rest[(at += 1)]!);
        appendAnswer(messages, message, rows);
        append(
          messages,
          'user',
          rows.flatMap(({ id }) => noteBlock(notes[id])),
        );
        break;
      }
      case 'tool':
        appendPair(messages, message);
        break;
      default:
        message.role satisfies never;
    }
  }
  const clean = cleaned(messages);
  if (clean[0]?.role === 'user') return clean;
  return [{ role: 'user', content: [{ type: 'text', text: NO_QUESTION }] }, ...clean];
}
