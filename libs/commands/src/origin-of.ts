import type { EventMetadata } from '#model';
import type { CommandContext } from './command-context.js';

/** Who caused the events of a command, and by which request: it goes into their metadata. */
export function originOf({ principal, requestId, commandId }: CommandContext): EventMetadata {
  return { userId: principal.userId, ...(requestId && { requestId }), ...(commandId && { commandId }) };
}
