import type { Message } from '#contracts';

/** The text before and after a call that changed a file; null for any other call. */
export function changeOf({
  toolName,
  toolCall,
}: Pick<Message, 'toolName' | 'toolCall'>): { before: string; after: string } | null {
  if (typeof toolCall !== 'object' || toolCall === null || Array.isArray(toolCall)) return null;
  const { content, old_string: before, new_string: after } = toolCall;
  if (toolName === 'Write' && typeof content === 'string') return { before: '', after: content };
  if (toolName === 'Edit' && typeof before === 'string' && typeof after === 'string')
    return { before, after };
  return null;
}
