import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { CONFIG, type Config } from './config.js';
import { Database, type DatabaseOptions } from './database.js';
import { JobQueues } from './job-queues.js';

/** What every other module builds on: `CONFIG`, `Database` (with the TypeORM `DataSource` on the same pool) and `JobQueues`. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(private readonly modules: ModuleRef) {}

  /** Global. `config.databaseUrl` must be set: the caller starts the embedded server first. Closed last, after the application. */
  static register(
    config: Config,
    options: Pick<DatabaseOptions, 'entities' | 'poolSize'> = {},
  ): DynamicModule {
    const { databaseUrl } = config;
    if (!databaseUrl)
      throw new Error('PlatformModule needs config.databaseUrl: start the embedded PostgreSQL first');
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: Database, useFactory: () => Database.connect({ url: databaseUrl, ...options }) },
        { provide: DataSource, inject: [Database], useFactory: (database: Database) => database.dataSource },
        { provide: JobQueues, useFactory: () => new JobQueues({ redisUrl: config.redisUrl, databaseUrl }) },
      ],
      exports: [CONFIG, Database, DataSource, JobQueues],
    };
  }

  /** Shutdown hooks run before this in every other module, so nothing uses the pool any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.modules.get(JobQueues).close();
    await this.modules.get(Database).end();
  }
}
