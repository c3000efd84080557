import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ScheduledBackups } from '#archive';
import { TurnReaper, TurnRunner } from '#assistant';
import { ChainSealer } from '#event-log';
import { CONFIG, type Config } from '#platform';
import { Auditor, Sweeper } from '#projections';
import { ProjectProcessor } from './project.processor.js';
import { RebuildProcessor } from './rebuild.processor.js';
import { TurnsProcessor } from './turns.processor.js';

/**
 * All workers of a process and the timers that find what a lost job left, to be started and stopped together. Turns and the rest may have
 * processes of their own: a projector waits for each of its statements behind all the deltas that its process takes in meanwhile.
 */
@Injectable()
export class Workers implements OnApplicationBootstrap {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'work'>,
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
    const { work } = this.config;
    if (work !== 'projections') {
      this.turns.start();
      this.reaper.start();
    }
    if (work === 'turns') return;
    this.projections.start();
    this.rebuilds.start();
    this.sweeper.start();
    this.auditor.start();
    this.sealer.start();
    this.backups.start();
  }

  /**
   * Takes no new work; running turns are interrupted, or get the configured time to end. Resolves when nothing runs. What was not started
   * is stopped already.
   */
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
