import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, Database, withOwnConnection, type Config, type OwnConnection } from '#platform';
import { ChainKeyMissing } from './chain-key-missing.js';
import { ChainMacs } from './chain-macs.js';
import { SealingRound } from './sealing-round.js';

/** After a failure: the database is away, or the chain was made with another key. */
const RETRY_MS = 5_000;

/**
 * Seals what was appended, behind the appends: within about `sealMs` where recorded times are right, and within an hour what
 * an import brought or a wrong clock hid. Of many processes one seals at a time. Without a key it does nothing.
 */
@Injectable()
export class ChainSealer implements OnModuleDestroy {
  private readonly logger = new Logger('ChainSealer');
  private stopping: AbortController | null = null;
  private loop: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'chainKey' | 'sealMs'>,
  ) {}

  get enabled(): boolean {
    return this.config.chainKey !== undefined;
  }

  /** Seals every `sealMs` until `stop`. */
  start(): void {
    if (!this.enabled || this.loop) return;
    this.stopping = new AbortController();
    this.loop = this.run(this.stopping.signal);
  }

  /** Resolves when the round that runs is over. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    await this.loop;
    this.loop = null;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /**
   * Seals everything that is committed now; gives how many events that were.
   * @throws ChainKeyMissing
   * @throws ChainKeyWrong
   */
  async sealAll(): Promise<number> {
    return withOwnConnection(this.database.url, 'seal', async (connection) => {
      const round = this.roundOn(connection);
      for (;;) {
        const sealed = await round.run('all');
        if (sealed !== 'busy') return sealed;
        await pause(50);
      }
    });
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await withOwnConnection(this.database.url, 'seal', (connection) => this.rounds(connection, signal));
      } catch (error) {
        this.logger.error(`nothing was sealed: ${(error as Error).message}`);
        await wait(RETRY_MS, signal);
      }
    }
  }

  private async rounds(connection: OwnConnection, signal: AbortSignal): Promise<void> {
    const round = this.roundOn(connection);
    while (!signal.aborted) {
      await round.run('due', signal);
      await wait(this.config.sealMs, signal);
    }
  }

  private roundOn(connection: OwnConnection): SealingRound {
    const { chainKey } = this.config;
    if (chainKey === undefined) throw new ChainKeyMissing();
    return new SealingRound(connection, new ChainMacs(chainKey));
  }
}

/** Until the time is over, or nobody waits any more. */
function wait(ms: number, signal: AbortSignal): Promise<unknown> {
  return pause(ms, undefined, { signal }).catch(() => undefined);
}
