import { Injectable } from '@nestjs/common';
import { EventLog, type StoredCommand } from '#event-log';
import { DomainRefusal } from '#model';
import type { CommandContext } from './command-context.js';
import { keyOf } from './command-key.js';
import { SerialByKey } from './serial-by-key.js';

/**
 * Gives every repeat of a command its first answer. Repeats within this process wait for the one that is under way;
 * those of other processes meet at the key's row in the log.
 */
@Injectable()
export class AnswerOnce {
  private readonly sameKey = new SerialByKey();

  constructor(private readonly log: EventLog) {}

  /**
   * The stored answer, as `replay` reads it, or the work's, which must be appended with the key. The key is looked up before
   * the work and again before refusing: a refusal may be the effect of this very command, carried out meanwhile by another
   * process.
   * @throws IdempotencyKeyReused, what the work throws
   */
  async answer<Answer>(
    context: CommandContext,
    replay: (stored: StoredCommand) => Answer,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    const key = keyOf(context);
    if (!key) return work();
    const earlier = async (): Promise<Answer | null> => {
      const stored = await this.log.answeredOrWait(key, context.bodySha256);
      return stored && replay(stored);
    };
    return this.sameKey.run(JSON.stringify(key), async () => {
      const stored = await earlier();
      if (stored) return stored;
      try {
        return await work();
      } catch (error) {
        const meanwhile = error instanceof DomainRefusal ? await earlier() : null;
        if (!meanwhile) throw error;
        return meanwhile;
      }
    });
  }
}
