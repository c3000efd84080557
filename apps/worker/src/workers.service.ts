import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { TurnReaper, TurnRunner } from '#assistant';
import { Sweeper } from '#projections';
import { ProjectProcessor } from './project.processor.js';
import { TurnsProcessor } from './turns.processor.js';

/** All workers of a process and the timers that find what a lost job left, to be started and stopped together. */
@Injectable()
export class Workers implements OnApplicationBootstrap {
  constructor(
    private readonly turns: TurnsProcessor,
    private readonly projections: ProjectProcessor,
    private readonly runner: TurnRunner,
    private readonly reaper: TurnReaper,
    private readonly sweeper: Sweeper,
  ) {}

  onApplicationBootstrap(): void {
    this.turns.start();
    this.projections.start();
    this.reaper.start();
    this.sweeper.start();
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
      this.sweeper.stop(),
    ]);
  }
}
