import type { CommandKey } from '#event-log';
import type { CommandContext } from './command-context.js';

/** Where the command's answer is kept; null for a command without a key. */
export function keyOf({ principal, commandId }: CommandContext): CommandKey | null {
  if (commandId === undefined) return null;
  return { tenantId: principal.tenantId, principal: principal.userId, commandId };
}
