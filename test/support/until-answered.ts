import { setTimeout as pause } from 'node:timers/promises';

/** Refused connections and 5xx are what a drill makes, so they are a reason to ask again; anything else is a finding. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + 90_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isFault = /ECONN|socket hang up|EPIPE|aborted|: 50[0-9] /.test(String(error));
      if (!isFault || Date.now() > until) throw error;
      await pause(50);
    }
  }
}
