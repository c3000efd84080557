import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventLog } from '#event-log';
import { metrics } from '#platform';

/** Terminal events, and what a chart calls them. */
const OUTCOMES: Record<string, string> = {
  TurnCompleted: 'completed',
  TurnFailed: 'failed',
  TurnCancelled: 'cancelled',
  TurnInterrupted: 'interrupted',
};

/** Counts turns by how they ended, whoever ended them: the runner, a person, or the reaper. By commits, so each once. */
@Injectable()
export class TurnOutcomes implements OnModuleInit, OnModuleDestroy {
  private end: (() => void) | null = null;

  constructor(private readonly log: EventLog) {}

  onModuleInit(): void {
    this.end = this.log.onCommitted((_streamId, _seq, hasNonDeltas, { types }) => {
      if (!hasNonDeltas) return;
      for (const type of types) {
        const outcome = OUTCOMES[type];
        if (outcome) metrics.turns.inc({ outcome });
      }
    });
  }

  onModuleDestroy(): void {
    this.end?.();
  }
}
