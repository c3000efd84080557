import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TurnSettler } from '#conversations';
import { EventLog, type OpenTurn } from '#event-log';
import { CONFIG, JobQueues, type Config } from '#platform';

/** One round looks at no more than this many turns of each kind. */
const roundLimit = 500;
/** A turn whose job may be lost is offered again at these growing intervals. */
const firstOfferMs = 1_000;
const longestOfferMs = 10_000;

type Offer = { at: number; everyMs: number };

/**
 * Finds the turns that nobody looks after, every `sweepMs`: started ones whose lease has run out are interrupted, those that
 * could not be started for too long have failed, the other unstarted ones are offered to the queue again. It trusts
 * nothing but the log: a queue that was flushed loses no turn.
 */
@Injectable()
export class TurnReaper implements OnApplicationShutdown {
  private readonly logger = new Logger('TurnReaper');
  private offers = new Map<string, Offer>();
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: EventLog,
    private readonly settler: TurnSettler,
    private readonly queues: JobQueues,
  ) {}

  /** Sweeps from now on, until `stop`. */
  start(): void {
    this.stopped = false;
    this.schedule();
  }

  /** Resolves when the round under way is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.round;
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** One round. @throws when the log cannot be read */
  async sweep(): Promise<void> {
    for (const { streamId } of await this.log.expiredTurns(roundLimit))
      await this.settler.settleIfExpired(streamId);
    await this.lookAfterUnowned(await this.log.unownedTurns(roundLimit));
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.sweep()
        .catch((error: unknown) => this.logger.warn(`a round over the open turns failed: ${error}`))
        .finally(() => this.schedule());
    }, this.config.sweepMs);
  }

  private async lookAfterUnowned(turns: OpenTurn[]): Promise<void> {
    const now = performance.now();
    const offers = new Map<string, Offer>();
    const due: OpenTurn[] = [];
    for (const turn of turns) {
      if (turn.requestedAgeMs > this.config.turnStartTimeoutMs) {
        await this.settler.settleIfExpired(turn.streamId);
        continue;
      }
      // The first time is only remembered: its own job was just enqueued.
      const offer = this.offers.get(turn.turnId) ?? { at: now + firstOfferMs, everyMs: firstOfferMs };
      if (now < offer.at) offers.set(turn.turnId, offer);
      else {
        due.push(turn);
        const everyMs = Math.min(offer.everyMs * 2, longestOfferMs);
        offers.set(turn.turnId, { at: now + everyMs, everyMs });
      }
    }
    this.offers = offers;
    // Without a deduplication id: a killed worker's id would swallow the job for a minute.
    await this.queues.enqueueBulk(
      'turns',
      due.map(({ streamId, turnId }) => ({ data: { streamId, turnId } })),
    );
  }
}
