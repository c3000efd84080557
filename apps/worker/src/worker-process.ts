import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { assertSafeDatabase, type Config, Database, MetricSources, PlatformModule } from '#platform';
import { serveMetrics } from './metrics-server.js';
import { processLogger } from './process/process-logger.js';
import { type Running, StopSteps } from './process/running.js';
import { untilMigrated } from './process/until-migrated.js';
import { WorkerModule } from './worker.module.js';
import { Workers } from './workers.service.js';

@Module({})
class WorkerProcess {}

/** Workers alone. `stop` lets running turns end for as long as the configuration says. */
export async function startWorker(config: Config, signal: AbortSignal): Promise<Running> {
  const steps = new StopSteps();
  if (!(await untilMigrated(config, signal))) return { banner: [], stop: () => steps.run() };
  const module: DynamicModule = {
    module: WorkerProcess,
    imports: [PlatformModule.register(config), WorkerModule],
  };
  const logger = processLogger(config);
  const app = await NestFactory.createApplicationContext(module, { logger, abortOnError: false });
  steps.add(() => app.close());
  await assertSafeDatabase(app.get(Database));
  steps.add(await serveMetrics(config, app.get(MetricSources)));
  steps.add(() => app.get(Workers).stop('drain'));
  const queue = config.redisUrl === undefined ? 'PostgreSQL' : 'Redis';
  return { banner: [`LOL Chat Log worker ready, jobs in ${queue}`], stop: () => steps.run() };
}
