import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from './config.js';
import { Database, type DatabaseOptions } from './database.js';
import { JobQueues } from './job-queues.js';
import { MetricSources } from './metrics/metric-sources.js';
import { platformMetrics } from './metrics/platform-metrics.js';
import { ProcessReports } from './process-reports.js';

/** What a process brings along. */
export type PlatformOptions = Pick<DatabaseOptions, 'entities' | 'poolSize'> & {
  /** The name under which it reports itself; default: the role of the configuration. */
  reportAs?: string;
};

/**
 * What every other module builds on: `CONFIG`, `Database` (with the TypeORM `DataSource` on the same pool), `JobQueues`,
 * `ProcessReports` and `MetricSources`.
 */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly modules: ModuleRef) {}

  /** Global. `config.databaseUrl` must be set: the caller starts the embedded server first. Closed last, after the application. */
  static register(config: Config, options: PlatformOptions = {}): DynamicModule {
    const { databaseUrl } = config;
    const { reportAs = config.role, ...connection } = options;
    if (!databaseUrl)
      throw new Error('PlatformModule needs config.databaseUrl: start the embedded PostgreSQL first');
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Database, useFactory: () => Database.connect({ url: databaseUrl, ...connection }) },
        { provide: DataSource, inject: [Database], useFactory: (database: Database) => database.dataSource },
        { provide: JobQueues, useFactory: () => new JobQueues({ redisUrl: config.redisUrl, databaseUrl }) },
        {
          provide: ProcessReports,
          inject: [Database],
          useFactory: (database: Database) => new ProcessReports(database, reportAs),
        },
        {
          provide: MetricSources,
          inject: [Database, JobQueues],
          useFactory: (database: Database, queues: JobQueues) => platformMetrics(database, queues, reportAs),
        },
      ],
      exports: [CONFIG, Database, DataSource, JobQueues, ProcessReports, MetricSources],
    };
  }

  /** Shutdown hooks run before this in every other module, so nothing uses the pool any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.modules.get(JobQueues).close();
    await this.modules.get(Database).end();
  }
}
