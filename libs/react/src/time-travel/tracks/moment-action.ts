import { actionOfBlock, usingTool } from '../../claude-action.js';
import type { ClaudeAction } from '../../use-claude-stream.types.js';
import type { MomentView } from '../moments/moment-view.js';

/** What Claude did at a moment; null where no turn was open. */
export function momentAction({
  turn,
  openToolCalls,
  messages,
  halfWritten,
}: MomentView): ClaudeAction | null {
  if (turn?.status === 'requested') return { kind: 'waiting' };
  if (turn?.status !== 'running') return null;
  if (halfWritten) return actionOfBlock(halfWritten.blocks?.at(-1));
  const call = openToolCalls.at(-1);
  if (!call) return { kind: 'thinking' };
  return usingTool(call.toolName, messages.find(({ id }) => id === call.messageId)?.toolCall);
}
