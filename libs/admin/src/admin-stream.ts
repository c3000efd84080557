import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { StreamGate } from '#commands';
import {
  EventLog,
  WrongExpectedVersion,
  type AppendOutcome,
  type CommandKey,
  type CommandRecord,
  type NewEvent,
  type RecordedEvent,
} from '#event-log';
import { deriveId, DomainRefusal } from '#model';

/** Ids of admin streams grow from it; it is random and never changes. */
const namespace = '7d2b8f4e-1c65-4b0e-9a3f-5e8d0c7a6b21';

/** Whoever loses every race for this long gives up. */
const PATIENCE_MS = 10_000;
const LONGEST_PAUSE_MS = 20;
/** Between the start of a rebuild and its answer lie a few milliseconds. */
const ANSWER_MS = 1_000;
const ANSWER_POLL_MS = 50;

/** A tenant's admin stream: one, under the same id in every process. */
export function adminStreamId(tenantId: string): string {
  return deriveId(namespace, tenantId);
}

/**
 * The streams that tell what administrators did. Any number of processes append to one at once: nothing is lost, and the order
 * is that of the commits. No projection reads them, and no owner of a conversation has one.
 */
@Injectable()
export class AdminStream {
  constructor(
    private readonly log: EventLog,
    private readonly gate: StreamGate,
  ) {}

  /** Durable when it resolves. @throws DomainRefusal `audit_busy`, LogUnavailable, IdempotencyKeyReused */
  async append(
    tenantId: string,
    event: NewEvent,
    command?: Omit<CommandRecord, 'streamId'>,
  ): Promise<AppendOutcome> {
    const streamId = adminStreamId(tenantId);
    const giveUpAt = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < giveUpAt; attempt += 1) {
      try {
        return await this.gate.run(streamId, async () => {
          const expectedSeq = await this.log.head(streamId);
          const create =
            expectedSeq === 0 ? { tenantId, ownerId: 'administrators', kind: 'admin' as const } : undefined;
          return this.log.append({
            appends: [{ streamId, expectedSeq, tenantId, events: [event], create, unprojected: true }],
            ...(command && { command: { ...command, streamId } }),
          });
        });
      } catch (error) {
        if (!(error instanceof WrongExpectedVersion)) throw error;
      }
      await sleep(Math.random() * Math.min(2 * attempt, LONGEST_PAUSE_MS));
    }
    throw new DomainRefusal('audit_busy', 503, 'too many administrators write to the audit at once');
  }

  /** Waits a little for the answer of a command that another process may be carrying out now. */
  async awaitAnswer(key: CommandKey): Promise<void> {
    const giveUpAt = performance.now() + ANSWER_MS;
    while (performance.now() < giveUpAt && !(await this.log.findCommand(key))) await sleep(ANSWER_POLL_MS);
  }

  /** Newest first: those before the seq `before`, at most `limit`. */
  newest(tenantId: string, { before, limit }: { before?: number; limit: number }): Promise<RecordedEvent[]> {
    return this.log.read(adminStreamId(tenantId), { before, limit, direction: 'backward' });
  }
}
