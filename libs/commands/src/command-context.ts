import type { Principal } from './policies/principal.js';

/** Who gives a command, and what makes it the same command when it is sent again. */
export type CommandContext = {
  principal: Principal;
  /** The client's idempotency key; absent when the client does not repeat. */
  commandId?: string;
  /** Hex SHA-256 of method, path and body: the same key with another hash is refused. */
  bodySha256: string;
  requestId?: string;
  /** The head that the client has folded: at another head the command is refused, not decided again. */
  expectedSeq?: number;
};
