import type { CommandKey } from './types.js';

/** One string a command key, for maps. */
export function commandName({ tenantId, principal, commandId }: CommandKey): string {
  return JSON.stringify([tenantId, principal, commandId]);
}
