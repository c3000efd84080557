import { Inject, Injectable, Logger } from '@nestjs/common';
import { EventLog, type OpenTurn } from '#event-log';
import { CONFIG, type Config } from '#platform';
import type { ConversationCommand } from '#model';
import { CommandExecutor } from './command-executor.js';

/**
 * Ends turns that nobody will go on with: one that was started and whose lease has run out is interrupted (a second
 * call of the model for it is never made), one that nobody could start for `turnStartTimeoutMs` has failed.
 */
@Injectable()
export class TurnSettler {
  private readonly logger = new Logger('TurnSettler');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: EventLog,
    private readonly executor: CommandExecutor,
  ) {}

  /**
   * True when it ended the turn. The reaper and every read call it, so it never throws: what fails now is tried again
   * by the next one.
   */
  async settleIfExpired(streamId: string): Promise<boolean> {
    try {
      return await this.settle(streamId);
    } catch (error) {
      this.logger.warn(`the turn of ${streamId} could not be settled: ${error}`);
      return false;
    }
  }

  private async settle(streamId: string): Promise<boolean> {
    const turn = await this.log.turnRow(streamId);
    const end = turn && this.endOf(turn);
    if (!end) return false;
    const { seqFrom } = await this.executor.enforce(streamId, end);
    if (seqFrom !== null) this.logger.log(`turn ${turn.turnId} of ${streamId}: ${end.type}`);
    return seqFrom !== null;
  }

  /** Ages and leases are the database's: this process's clock may be wrong by hours. */
  private endOf({ turnId, startedAt, leaseRuns, requestedAgeMs }: OpenTurn): ConversationCommand | null {
    if (leaseRuns) return null;
    if (startedAt !== null) return { type: 'interruptTurn', turnId, reason: 'lease_expired' };
    if (requestedAgeMs <= this.config.turnStartTimeoutMs) return null;
    return {
      type: 'failTurn',
      turnId,
      code: 'not_started',
      message: 'No worker could start this turn in time.',
    };
  }
}
