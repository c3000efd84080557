import { Logger } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { metrics } from './metrics.js';
import { registry } from './registry.js';

/** Looks figures up and sets them. */
export type MetricSource = {
  /** The `part` of `chatlog_up`. */
  part: string;
  read(): Promise<void>;
  /** Takes the figures back: those of a part that does not answer would be told as if they were true. */
  forget(): void;
};

type Looked = MetricSource & { reading: Promise<void> | null; readAt: number };

const FRESH_MS = 5_000;
/** Below the time that a scraper waits, by default 10 s. */
const PATIENCE_MS = 2_000;

/**
 * Answers a scrape: what was counted here, and what has to be looked up elsewhere. That is asked at most every 5 s, however
 * many scrape, and waited for 2 s: a database that is away makes a scrape poorer, and neither late nor failed.
 */
export class MetricSources {
  private readonly logger = new Logger('Metrics');
  private readonly sources: Looked[] = [];

  constructor(about: { release: string; role: string }) {
    metrics.build.reset();
    metrics.build.set(about, 1);
    if (!registry.getSingleMetric('process_cpu_seconds_total')) collectDefaultMetrics({ register: registry });
  }

  /** Has the source asked from now on. */
  add(source: MetricSource): void {
    this.sources.push({ ...source, reading: null, readAt: Number.NEGATIVE_INFINITY });
  }

  /** The whole page, in the text format of Prometheus, and its content type. */
  async page(): Promise<{ contentType: string; text: string }> {
    await Promise.all(this.sources.map((source) => this.refresh(source)));
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  private async refresh(source: Looked): Promise<void> {
    if (performance.now() - source.readAt < FRESH_MS) return;
    // one that hangs is waited for by later scrapes too, and not asked again beside itself
    source.reading ??= this.read(source);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, 'late');
    });
    const outcome = await Promise.race([source.reading, late]);
    clearTimeout(timer);
    if (outcome === 'late') this.down(source);
  }

  private async read(source: Looked): Promise<void> {
    try {
      await source.read();
      source.readAt = performance.now();
      metrics.up.set({ part: source.part }, 1);
    } catch (error) {
      this.logger.debug(`no figures of ${source.part}: ${(error as Error).message}`);
      this.down(source);
    } finally {
      source.reading = null;
    }
  }

  private down(source: MetricSource): void {
    metrics.up.set({ part: source.part }, 0);
    source.forget();
  }
}
