import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { EventLog } from '#event-log';
import { CONFIG, metrics, type Config } from '#platform';
import { GenerationCatalog } from '../checkpoints/generation-catalog.js';
import { ParkedQueries } from '../checkpoints/parked.queries.js';
import { BackOff } from './back-off.js';
import { HourlyRepair } from './hourly-repair.js';
import { ProjectionRunner } from './projection-runner.js';

const AT_ONCE = 4;
const LIST = 1_000;
/** After a full round: there is more. */
const AGAIN_MS = 20;
/** A stream that takes longer than this lets others go first. */
const STREAM_BUDGET_MS = 5_000;

/**
 * Finds and projects every stream that is behind, without the queue: whatever a lost job left, this brings up, within about
 * two rounds; about once an hour also what is on no list. Every worker has one; they do not get in each other's way.
 */
@Injectable()
export class Sweeper implements OnModuleDestroy {
  private readonly logger = new Logger('Sweeper');
  private readonly backOff = new BackOff();
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<unknown> | null = null;
  private running = false;
  private stopping = false;
  /** What other code parked is tried again once, when this process begins to sweep. */
  private retriedOthers = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'sweepMs'>,
    private readonly log: EventLog,
    private readonly runner: ProjectionRunner,
    private readonly catalog: GenerationCatalog,
    private readonly parked: ParkedQueries,
    private readonly repair: HourlyRepair,
  ) {}

  /** Sweeps every `sweepMs` until `stop`. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.stopping = false;
    this.next(0);
    this.repair.start();
  }

  /** Resolves when the round that runs is over. */
  async stop(): Promise<void> {
    this.running = false;
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    await Promise.all([this.round, this.repair.stop()]);
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** One round: the streams that have waited longest, those that failed before at growing distances. Gives how many. */
  async sweep(): Promise<number> {
    await this.catalog.touch();
    if (!this.retriedOthers) await this.parked.retryOthers();
    this.retriedOthers = true;
    const pending = await this.log.pending(LIST + this.backOff.size);
    this.backOff.keep(new Set(pending.map(({ streamId }) => streamId)));
    const due = pending.filter(
      ({ streamId, ageMs }) => ageMs >= this.config.sweepMs && this.backOff.isDue(streamId),
    );
    const ids = due.map(({ streamId }) => streamId);
    const begun = ids.length > 0 ? await this.runner.begunAmong(ids) : new Map<string, number>();
    // a fold that ends its process does so when the others had their turn, in each life anew; from the second time on also
    // not in all processes at once
    for (const [id, attempts] of begun) if (attempts > 1) this.backOff.notice(id);
    await this.projectAll(ids.filter((id) => !begun.has(id)));
    await this.projectAll(ids.filter((id) => begun.has(id) && this.backOff.isDue(id)));
    return due.length;
  }

  private async projectAll(streamIds: string[]): Promise<void> {
    // in no order, so that several workers seldom meet at one stream
    const waiting = shuffled(streamIds);
    const work = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined && !this.stopping; id = waiting.pop())
        await this.projectOne(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async projectOne(streamId: string): Promise<void> {
    try {
      const outcome = await this.runner.project(streamId, { budgetMs: STREAM_BUDGET_MS });
      if (outcome === 'failed' || outcome === 'parked') this.backOff.failed(streamId);
    } catch (error) {
      this.backOff.failed(streamId);
      this.logger.warn(`${streamId}: not projected: ${(error as Error).message}`);
    }
  }

  private next(delayMs: number): void {
    if (!this.running) return;
    this.timer = setTimeout(() => {
      this.round = this.sweep()
        .then((found) => {
          metrics.sweeps.inc({ outcome: 'done' });
          metrics.swept.inc(found);
          return found;
        })
        .catch((error: Error) => {
          metrics.sweeps.inc({ outcome: 'failed' });
          this.logger.warn(`sweep failed: ${error.message}`);
          return 0;
        })
        .then((found) => this.next(found >= LIST ? AGAIN_MS : this.config.sweepMs));
    }, delayMs).unref();
  }
}

function shuffled<T>(items: T[]): T[] {
  for (let i = items.length - 1; i > 0; i -= 1) {
    const j = Math.floor(Math.random() * (i + 1));
    [items[i], items[j]] = [items[j]!, items[i]!];
  }
  return items;
}
