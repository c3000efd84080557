import { ProcessReports } from '#platform';
import { JobQueues } from '#platform';
import { BucketCopier } from '../../libs/projections/src/rebuild/bucket-copier.js';
import { GenerationJanitor } from '../../libs/projections/src/rebuild/generation-janitor.js';
import { GenerationPointer } from '../../libs/projections/src/rebuild/generation-pointer.js';
import { GenerationTables } from '../../libs/projections/src/rebuild/generation-tables.js';
import { Reconciler } from '../../libs/projections/src/rebuild/reconciler.js';
import { RebuildFinisher } from '../../libs/projections/src/rebuild/rebuild-finisher.js';
import { RebuildLocks } from '../../libs/projections/src/rebuild/rebuild-locks.js';
import { RebuildPreparer } from '../../libs/projections/src/rebuild/rebuild-preparer.js';
import { RebuildStarts } from '../../libs/projections/src/rebuild/rebuild-starts.js';
import { RebuildStore } from '../../libs/projections/src/rebuild/rebuild-store.js';
import { RebuildWorker } from '../../libs/projections/src/rebuild/rebuild-worker.js';
import { Rebuilds } from '../../libs/projections/src/rebuild/rebuilds.service.js';
import { StreamComparer } from '../../libs/projections/src/rebuild/stream-comparer.js';
import { StreamPages } from '../../libs/projections/src/rebuild/stream-pages.js';
import { StreamRebuild } from '../../libs/projections/src/rebuild/stream-rebuild.js';
import { Throttle } from '../../libs/projections/src/rebuild/throttle.js';
import { WholeFold } from '../../libs/projections/src/rebuild/whole-fold.js';
import type { ProjectionProcess } from './projections.js';

/** What rebuilds projections in one process, without a queue: its rounds find the work. */
export type RebuildProcess = { rebuilds: Rebuilds; worker: RebuildWorker; store: RebuildStore };

export function rebuildProcess(
  { database, log, runner, repair, catalog, registry, threads, bases }: ProjectionProcess,
  { keepGenerationHours = 24 } = {},
): RebuildProcess {
  const whole = new WholeFold(threads, bases);
  const store = new RebuildStore(database);
  const throttle = new Throttle(new ProcessReports(database, 'test'));
  const starts = new RebuildStarts(database, registry, store, catalog, throttle);
  const pointer = new GenerationPointer(database, catalog);
  const tables = new GenerationTables(database);
  const locks = new RebuildLocks(database);
  const worker = new RebuildWorker(
    store,
    registry,
    new RebuildPreparer(database, registry, tables, locks, starts),
    new BucketCopier(database, new StreamPages(log), whole),
    new RebuildFinisher(
      database,
      registry,
      store,
      pointer,
      new Reconciler(database, runner, repair),
      new StreamComparer(database, log, whole),
      throttle,
    ),
    locks,
    throttle,
    new GenerationJanitor({ keepGenerationHours }, database, registry, pointer, tables, locks),
    catalog,
    { works: () => false, enqueueFlow: async () => true } as unknown as JobQueues,
  );
  const rebuilds = new Rebuilds(
    database,
    registry,
    store,
    starts,
    pointer,
    new StreamRebuild(database, log, catalog, whole),
  );
  return { rebuilds, worker, store };
}
