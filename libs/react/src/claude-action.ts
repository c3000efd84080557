import type { ConversationSnapshot } from '#client';
import { foldMessage, isOpen, type ContentBlock } from '#model';
import type { ClaudeAction } from './use-claude-stream.types.js';

const kinds: Record<string, ClaudeAction['kind']> = {
  Read: 'reading',
  Write: 'writing',
  Edit: 'editing',
  Delete: 'deleting',
};

/** A call of a tool, its input perhaps unfinished. */
export function usingTool(tool: string, input: unknown): ClaudeAction {
  const file = (input as { file_path?: unknown } | null)?.file_path;
  const kind = (Object.hasOwn(kinds, tool) && kinds[tool]) || 'using_tool';
  return { kind, tool, ...(typeof file === 'string' && { file }) };
}

/** What an answer is at, by its last block. */
export function actionOfBlock(block: ContentBlock | undefined): ClaudeAction {
  if (block?.type === 'text') return { kind: 'writing_text' };
  if (block?.type === 'tool_use') return usingTool(String(block.name), block.input);
  return { kind: 'thinking' };
}

/** What Claude does in a conversation right now; null while no turn is open. */
export function claudeAction({ turn, inFlight, messages }: ConversationSnapshot): ClaudeAction | null {
  if (!isOpen(turn)) return null;
  if (turn.status === 'requested') return { kind: 'waiting' };
  if (inFlight) return actionOfBlock(foldMessage(inFlight.fold)?.content.at(-1));
  const open = messages.findLast(
    ({ role, streamingStatus }) => role === 'tool' && streamingStatus === 'pending',
  );
  return open?.toolName === undefined ? { kind: 'thinking' } : usingTool(open.toolName, open.toolCall);
}

const words: Record<ClaudeAction['kind'], string> = {
  waiting: 'Thinking',
  thinking: 'Thinking',
  writing_text: 'Writing',
  reading: 'Reading',
  writing: 'Writing',
  editing: 'Writing',
  deleting: 'Deleting',
  using_tool: 'Using',
};

/** The same in the LOL app's words: `Reading index.html`. */
export function actionInWords({ kind, file, tool }: ClaudeAction): string {
  const what = file ?? (kind === 'using_tool' ? tool : undefined);
  return what === undefined ? words[kind] : `${words[kind]} ${what}`;
}
