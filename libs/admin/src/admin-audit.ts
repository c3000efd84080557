import { Injectable, Logger } from '@nestjs/common';
import { AnswerOnce, keyOf } from '#commands';
import type { AppendOutcome } from '#event-log';
import { DomainRefusal, newId, type AdminEventData, type AdminEventType } from '#model';
import { AdminStream } from './admin-stream.js';
import { contextOf, type Administrator, type AskedOnce } from './administrator.js';
import { auditEntryOf, type AdminDeed, type AuditEntry } from './audit-entry.js';

const DEFAULT_LIMIT = 100;

type Recorded = AdminEventData<'AdminActionRequested'>;

/**
 * The record of what administrators did, as immutable events: what is not recorded is not done. An action is recorded before
 * it begins and when it has ended, well or badly.
 */
@Injectable()
export class AdminAudit {
  private readonly logger = new Logger('AdminAudit');

  constructor(
    private readonly stream: AdminStream,
    private readonly once: AnswerOnce,
  ) {}

  /**
   * Does the work between two records of it. With `once` a repeat gets the first answer, which must be JSON, and nothing is
   * done again; a failure is no answer: a repeat tries anew.
   * @throws what the work throws; LogUnavailable, before anything was done or where only the outcome could not be recorded
   */
  async act<T>(by: Administrator, deed: AdminDeed<T>, work: () => Promise<T>, once?: AskedOnce): Promise<T> {
    const context = contextOf(by, once);
    const key = keyOf(context);
    return this.once.answer(
      context,
      ({ result }) => result as T,
      async () => {
        const recorded = recordOf(by, deed);
        await this.append(by, 'AdminActionRequested', recorded);
        const value = await work().catch(async (error: unknown) => {
          await this.recordFailure(by, recorded, error);
          // it may be the first try of the same request that stands in the way: then its answer is this one's
          if (key && error instanceof DomainRefusal && error.status === 409)
            await this.stream.awaitAnswer(key);
          throw error;
        });
        const command = key && { ...key, bodySha256: context.bodySha256, result: value ?? null };
        const done = { ...recorded, outcome: 'done' as const, result: deed.resultOf?.(value) };
        const outcome = await this.append(by, 'AdminActionTaken', done, command ?? undefined);
        // another process did the same for the same key meanwhile, and answered first
        return outcome.status === 'answered' ? (outcome.command.result as T) : value;
      },
    );
  }

  /** Records what was done already, where nothing could be recorded before: a restore begins with an empty log. */
  async note(by: Administrator, deed: AdminDeed): Promise<void> {
    await this.append(by, 'AdminActionTaken', { ...recordOf(by, deed), outcome: 'done' });
  }

  /** Newest first. `before` is the seq of the last entry of the page before. */
  async list(tenantId: string, page: { before?: number; limit?: number } = {}): Promise<AuditEntry[]> {
    const { before, limit = DEFAULT_LIMIT } = page;
    return (await this.stream.newest(tenantId, { before, limit })).map(auditEntryOf);
  }

  /** The caller must hear why the work failed, not that this could not be recorded: without a second record the outcome is unknown. */
  private async recordFailure(by: Administrator, recorded: Recorded, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    try {
      await this.append(by, 'AdminActionTaken', { ...recorded, outcome: 'failed', error: reason });
    } catch (unrecorded) {
      this.logger.error(
        `${recorded.action} of ${recorded.target} failed (${reason}), which could not be recorded`,
        (unrecorded as Error).stack,
      );
    }
  }

  private append<T extends AdminEventType>(
    { tenantId, userId, requestId }: Administrator,
    type: T,
    data: AdminEventData<T>,
    command?: Parameters<AdminStream['append']>[2],
  ): Promise<AppendOutcome> {
    const metadata = { userId, ...(requestId && { requestId }) };
    return this.stream.append(
      tenantId,
      { eventId: newId(), type, schemaVersion: 1, data, metadata },
      command,
    );
  }
}

function recordOf<T>({ userId, via, credential }: Administrator, deed: AdminDeed<T>): Recorded {
  const by = { userId, via, ...(credential && { credential }) };
  return {
    actionId: newId(),
    action: deed.action,
    target: deed.target,
    by,
    parameters: deed.parameters ?? {},
  };
}
