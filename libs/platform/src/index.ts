export { CONFIG, loadConfig, type Config } from './config.js';
export { configListing, type ConfigEntry } from './config-listing.js';
export { ConfigInvalid, type ConfigProblem } from './config-invalid.js';
export { assertSafeDatabase, UnsafeDatabase } from './boot-check.js';
export { createLogger } from './logger.js';
export { copyLine, type CopyValue } from './copy-text.js';
export { Database, type DatabaseOptions, type Queryable } from './database.js';
export type { JobData } from './job-producer.js';
export {
  JobQueues,
  queueNames,
  type JobOptions,
  type QueueHealth,
  type QueueName,
  type QueueWorker,
} from './job-queues.js';
export { FolderInUse, lockFolder } from './data-lock.js';
export { MetricSources, type MetricSource } from './metrics/metric-sources.js';
export { metrics } from './metrics/metrics.js';
export { migrate, schemaState } from './migrate.js';
export { SchemaNewer } from './schema-newer.js';
export { withOwnConnection, type OwnConnection } from './own-connection.js';
export {
  DatabaseUnreachable,
  openDatabase,
  type OpenDatabaseOptions,
  type OpenedDatabase,
} from './open-database.js';
export { PlatformModule } from './platform.module.js';
export { ProcessReports, type ProcessReport } from './process-reports.js';
export { activeSpan, inLinkedSpan, inSpan, type SpanPlace } from './tracing/spans.js';
export { RequestSpan } from './tracing/request-span.js';
export { startTracing } from './tracing/start-tracing.js';
export {
  contextFields,
  inContext,
  noteInContext,
  outOfContext,
  withOrigin,
  workOrigin,
  type WorkFields,
  type WorkOrigin,
} from './work-context.js';
export { collectEarly } from './heap-growth.js';
export { projectRoot } from './project-root.js';
export { releaseName } from './release.js';
export { hasUnfinishedRestore } from './unfinished-restore.js';
export { isLoopback } from './loopback.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres.js';
