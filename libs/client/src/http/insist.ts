import { newId } from '#model';
import { ChatLogError } from '../chat-log-error.js';
import { BackOff } from '../stream/back-off.js';

/** Attempts of a write that someone waits for: about three seconds in all. */
const ATTEMPTS = 4;

/**
 * A write that is tried again with the same idempotency key while it fails for reasons that may pass: it is done once, or an
 * error says why not. @throws ChatLogError of the last attempt
 */
export async function insist<T>(write: (options: { idempotencyKey: string }) => Promise<T>): Promise<T> {
  const options = { idempotencyKey: newId() };
  const backOff = new BackOff(Math.random);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write(options);
    } catch (error) {
      if (!(error instanceof ChatLogError) || !error.isTransient || attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, backOff.next(error.retryAfterMs)));
    }
  }
}
