import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#platform';
import { ProjectionRunner } from '#projections';

/** Saves the next reader of a written stream the work: reads are exact without it too. */
@Injectable()
export class InPlaceProjector {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly runner: ProjectionRunner,
  ) {}

  /** Projects the streams within the time that one request may wait for it; what is left is the workers'. Never throws. */
  async project(streamIds: string[]): Promise<void> {
    const end = performance.now() + this.config.projectInPlaceMs;
    for (const streamId of streamIds) await this.runner.projectInPlace(streamId, end - performance.now());
  }
}
