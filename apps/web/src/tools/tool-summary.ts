import type { Message } from '#contracts';
import { words } from '../words/words.js';

/** What a call did: which picture stands for it, and its one line. */
export type ToolSummary = {
  kind: 'read' | 'write' | 'edit' | 'delete' | 'search' | 'clock' | 'other';
  verb: string;
  /** The file, or what was looked for. */
  subject?: string;
  /** Lines that it wrote and took away. */
  added?: number;
  removed?: number;
};

type Input = Record<string, unknown>;

const text = (input: Input, name: string): string | undefined =>
  typeof input[name] === 'string' ? input[name] : undefined;
const lines = (content: string | undefined): number =>
  content === undefined || content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;

/** A call in one line. Its input is a model's, so any part of it may be missing or something else. */
export function toolSummary({ toolName, toolCall }: Pick<Message, 'toolName' | 'toolCall'>): ToolSummary {
  const input: Input =
    typeof toolCall === 'object' && toolCall !== null && !Array.isArray(toolCall) ? toolCall : {};
  const subject = text(input, 'file_path') ?? text(input, 'path');
  switch (toolName) {
    case 'Read':
      return { kind: 'read', verb: words.tools.read, subject };
    case 'Write':
      return { kind: 'write', verb: words.tools.wrote, subject, added: lines(text(input, 'content')) };
    case 'Edit': {
      const [removed, added] = [lines(text(input, 'old_string')), lines(text(input, 'new_string'))];
      return { kind: 'edit', verb: words.tools.edited, subject, added, removed };
    }
    case 'Delete':
      return { kind: 'delete', verb: words.tools.deleted, subject };
    case 'Grep':
      return { kind: 'search', verb: words.tools.searched, subject: text(input, 'pattern') };
    case 'Glob':
      return { kind: 'search', verb: words.tools.listed, subject: text(input, 'pattern') };
    case 'Clock':
      return { kind: 'clock', verb: words.tools.clock, subject: text(input, 'timeZone') };
    default:
      return { kind: 'other', verb: words.tools.used(toolName ?? words.action.aTool), subject };
  }
}
