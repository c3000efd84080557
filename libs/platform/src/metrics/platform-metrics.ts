import type { Database } from '../database.js';
import { type JobQueues, queueNames } from '../job-queues.js';
import { releaseName } from '../release.js';
import { MetricSources } from './metric-sources.js';
import { metrics } from './metrics.js';

/** The process's page of metrics, with what the platform itself knows: its connections, its queues. */
export function platformMetrics(database: Database, queues: JobQueues, role: string): MetricSources {
  const sources = new MetricSources({ release: releaseName(), role });
  sources.add({
    part: 'database',
    read: async () => {
      const { totalCount, idleCount, waitingCount } = database.pool;
      // before the question, which may wait for a connection itself
      metrics.poolConnections.set({ state: 'in_use' }, totalCount - idleCount);
      metrics.poolConnections.set({ state: 'idle' }, idleCount);
      metrics.poolWaiting.set(waitingCount);
      await database.query('select 1');
    },
    // what this process holds is true whether the server answers or not
    forget: () => undefined,
  });
  sources.add({
    part: 'queue',
    read: async () => {
      for (const queue of queueNames) {
        const counts = await queues.counts(queue);
        for (const [state, jobs] of Object.entries(counts)) metrics.queueJobs.set({ queue, state }, jobs);
      }
    },
    forget: () => metrics.queueJobs.reset(),
  });
  return sources;
}
