import { deriveId, newId } from '#model';
import type { CommandContext } from './command-context.js';

/** Version 5 ids of this service's commands grow from it; it is itself random and never changes. */
const namespace = '6f0a3c52-94a1-4d0f-8f8e-0f6a5a1c7b3d';

/**
 * The id of something that the command makes. With a key it derives from principal and key, so that every try of the
 * command, in any process, makes the same thing; without one it is new.
 */
export function idFor(
  context: CommandContext,
  thing: 'conversation' | 'message' | 'project' | 'turn',
): string {
  if (context.commandId === undefined) return newId();
  const { tenantId, userId } = context.principal;
  return deriveId(namespace, JSON.stringify([tenantId, userId, context.commandId, thing]));
}
