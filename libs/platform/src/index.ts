export { CONFIG, loadConfig, type Config } from './config.js';
export { ConfigInvalid, type ConfigProblem } from './config-invalid.js';
export { assertSafeDatabase, UnsafeDatabase } from './boot-check.js';
export { createLogger } from './logger.js';
export { Database, type DatabaseOptions, type Queryable } from './database.js';
export type { JobData } from './job-producer.js';
export {
  JobQueues,
  type JobOptions,
  type QueueHealth,
  type QueueName,
  type QueueWorker,
} from './job-queues.js';
export { FolderInUse, lockFolder } from './data-lock.js';
export { migrate, schemaState } from './migrate.js';
export { SchemaNewer } from './schema-newer.js';
export { PlatformModule } from './platform.module.js';
export { projectRoot } from './project-root.js';
export { isLoopback } from './loopback.js';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/embedded-postgres.js';
