import { Injectable, type OnModuleInit } from '@nestjs/common';
import { metrics, MetricSources } from '#platform';
import { Rebuilds } from './rebuild/rebuilds.service.js';
import { OldestUnprojected } from './checkpoints/oldest-unprojected.js';
import { ProjectionOverview } from './checkpoints/projection-overview.js';

const FIGURES = [
  metrics.lagEvents,
  metrics.lagSeconds,
  metrics.parked,
  metrics.rebuilding,
  metrics.rebuildProgress,
];

/** How the projections stand, for whoever scrapes this process. Every process tells the same: take the largest. */
@Injectable()
export class ProjectionMetrics implements OnModuleInit {
  constructor(
    private readonly sources: MetricSources,
    private readonly overview: ProjectionOverview,
    private readonly rebuilds: Rebuilds,
    private readonly oldest: OldestUnprojected,
  ) {}

  onModuleInit(): void {
    this.sources.add({ part: 'projections', read: () => this.read(), forget: () => this.forget() });
  }

  private async read(): Promise<void> {
    const reports = await this.overview.all();
    const seconds = await this.oldest.seconds();
    const ids = reports.flatMap(({ rebuildId }) => rebuildId ?? []);
    const rebuilds = await Promise.all(ids.map((id) => this.rebuilds.get(id)));
    // at once, so that no scrape finds half of it; what is over, or gone, is told no more
    this.forget();
    metrics.oldestUnprojectedSeconds.set(seconds);
    for (const { projection, lagEvents, lagSeconds, parked } of reports) {
      metrics.lagEvents.set({ projection }, lagEvents);
      metrics.lagSeconds.set({ projection }, lagSeconds);
      metrics.parked.set({ projection }, parked);
    }
    for (const rebuild of rebuilds) {
      if (!rebuild) continue;
      const { projection, status, streamsDone, streamsTotal } = rebuild;
      metrics.rebuilding.set({ projection, status }, 1);
      metrics.rebuildProgress.set({ projection }, streamsTotal === 0 ? 1 : streamsDone / streamsTotal);
    }
  }

  private forget(): void {
    metrics.oldestUnprojectedSeconds.remove();
    for (const figure of FIGURES) figure.reset();
  }
}
