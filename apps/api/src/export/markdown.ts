import type { ConversationAt, Message } from '#contracts';
import type { BranchPart } from '#projections';
import { closed } from './closed.js';

/** A fence that the text cannot end: one backtick more than its longest run. */
export function fenced(text: string, language: string): string {
  // a file may hold hundreds of thousands of runs: too many to be the arguments of one call
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

const oneLine = (text: string): string => text.replace(/[\s\p{Surrogate}]+/gu, ' ').trim();

/** A heading's text cannot be a heading, a list or a link of its own. */
const escaped = (text: string): string => oneLine(text).replace(/[\\`*_[\]<>#|]/g, '\\$&');

function shown(value: unknown): string {
  return typeof value === 'string' ? fenced(value, '') : fenced(JSON.stringify(value, null, 2), 'json');
}

/** What an answer that did not end well says of itself. */
function ending({ streamingStatus, metadata }: Message): string[] {
  const { outcome, reason } = metadata;
  const words = [streamingStatus === 'complete' ? undefined : streamingStatus, outcome, reason];
  const told = words.filter((word): word is string => typeof word === 'string');
  return told.length === 0 ? [] : [`_${escaped(told.join(', '))}_`];
}

function thinking({ blocks = [] }: Message): string[] {
  return blocks
    .filter(({ type }) => type === 'thinking')
    .flatMap(({ thinking: text }) => (typeof text === 'string' && text !== '' ? [text] : []))
    .map((text) => `> ${text.replace(/\r\n|[\n\r]/g, '$&> ')}`);
}

const speakers: Record<Message['role'], string> = {
  user: 'User',
  assistant: 'Assistant',
  system: 'System',
  tool: 'Tool',
};

/** The beginning of the document. */
export function documentHead({ conversation, seq, at, usage }: ConversationAt): string {
  const facts = [
    `Conversation ${conversation.id}`,
    `begun ${conversation.createdAt}`,
    `as of event ${seq}, ${at}`,
    `${usage.inputTokens} tokens in, ${usage.outputTokens} out`,
  ];
  return `# ${escaped(conversation.title ?? '') || 'Conversation'}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}\n`;
}

/** What stands before the messages of a part; nothing before the very first. */
export function partHead({ from, selected }: BranchPart, isFirst: boolean): string {
  if (isFirst) return '';
  const where = from === null ? 'from the beginning' : `from message ${from}`;
  return `\n---\n\n## Branch ${where}${selected ? ' (selected)' : ''}\n`;
}

/** One message, numbered by the seq of the event that made it. */
export function messageText(message: Message): string {
  const { role, seq, createdAt, toolName, toolCall, toolResult, content } = message;
  const tool = role === 'tool' && toolName !== undefined ? `: ${escaped(toolName)}` : '';
  const body =
    role === 'tool'
      ? [
          toolCall === undefined ? closed(content) : shown(toolCall),
          ...(toolResult === undefined ? [] : [`Result:\n\n${shown(toolResult)}`]),
        ]
      : [...thinking(message), closed(content)];
  const parts = [
    `### ${speakers[role]}${tool}`,
    `_message ${seq}, ${createdAt}_`,
    ...body,
    ...ending(message),
  ];
  return `\n${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
