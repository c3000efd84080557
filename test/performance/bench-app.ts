import 'reflect-metadata';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConversationsModule } from '#conversations';
import { Database, loadConfig, migrate, PlatformModule } from '#platform';
import { ProjectionsModule } from '#projections';
import { ProjectsModule } from '#projects';

/** The write side and the read models of one process on a migrated database, as the product wires them; no HTTP, no workers. */
export async function openBenchApp(url: string): Promise<BenchApp> {
  await migrate({ url });
  // a stream is swept as soon as it is behind: the benchmark calls the sweeper itself
  const config = { ...loadConfig({ DATABASE_URL: url }), sweepMs: 0 };
  const imports = [PlatformModule.register(config), ConversationsModule, ProjectsModule, ProjectionsModule];
  const app = await NestFactory.createApplicationContext(
    { module: class Bench {}, imports },
    { logger: ['error', 'warn'] },
  );
  return new BenchApp(app);
}

export class BenchApp {
  constructor(private readonly app: INestApplicationContext) {}

  /** Also of classes whose constructor is private. */
  get<T>(type: { prototype: T }): T {
    return this.app.get<T>(type as Type<T>, { strict: false });
  }

  /** Not in a transaction, and without the service's limit on statements. */
  async vacuum(): Promise<void> {
    const client = await this.get(Database).pool.connect();
    try {
      await client.query('set statement_timeout = 0');
      await client.query('vacuum analyze');
    } finally {
      client.release(true);
    }
  }

  close(): Promise<void> {
    return this.app.close();
  }
}
