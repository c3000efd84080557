import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ScheduledBackups } from '#archive';
import { TurnReaper, TurnRunner } from '#assistant';
import { ChainSealer } from '#event-log';
import { Auditor, Sweeper } from '#projections';
import { ProjectProcessor } from './project.processor.js';
import { RebuildProcessor } from './rebuild.processor.js';
import { TurnsProcessor } from './turns.processor.js';

/** All workers of a process and the timers that find what a lost job left, to be started and stopped together. */
@Injectable()
export class Workers implements OnApplicationBootstrap {
  constructor(
    private readonly turns: TurnsProcessor,
    private readonly projections: ProjectProcessor,
    private readonly rebuilds: RebuildProcessor,
    private readonly runner: TurnRunner,
    private readonly reaper: TurnReaper,
    private readonly sweeper: Sweeper,
    private readonly auditor: Auditor,
    private readonly sealer: ChainSealer,
    private readonly backups: ScheduledBackups,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
    this.projections.start();
    this.rebuilds.start();
    this.reaper.start();
    this.sweeper.start();
    this.auditor.start();
    this.sealer.start();
    this.backups.start();
  }

  /** Takes no new work; running turns are interrupted, or get the configured time to end. Resolves when nothing runs. */
  async stop(how: 'interrupt' | 'drain'): Promise<void> {
    // A queue closes only when its running jobs are done, so the turns are told first.
    const turns = this.runner.shutdown(how);
    await Promise.all([
      turns,
      this.turns.drain(),
      this.reaper.stop(),
      this.projections.drain(),
      this.rebuilds.drain(),
      this.sweeper.stop(),
      this.auditor.stop(),
      this.sealer.stop(),
      this.backups.stop(),
    ]);
  }
}
