import type { TurnAccepted, TurnCancelled } from '#contracts';
import type { WriteOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';
import { pathOf } from './conversations.api.js';

/** What Claude is asked. `parentId`: the message that the prompt follows; the selected leaf when absent. */
export type NewTurn = { prompt: string; parentId?: string | null; model?: string };

/** Turns: what Claude is asked to do. A turn runs whether or not anyone listens. */
export class TurnsApi {
  constructor(private readonly transport: Transport) {}

  /** Resolves once prompt and request are committed. A repeat with the same key asks nothing twice. */
  request(conversationId: string, turn: NewTurn, options?: WriteOptions): Promise<TurnAccepted> {
    return this.transport.write('POST', `${pathOf(conversationId)}/turns`, turn, options);
  }

  /** Stops an open turn; one that has ended is 409 `turn_finished`. */
  cancel(turnId: string, options?: WriteOptions): Promise<TurnCancelled> {
    return this.transport.write('POST', `/api/turns/${encodeURIComponent(turnId)}/cancel`, {}, options);
  }
}
