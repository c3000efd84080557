import { Module } from '@nestjs/common';
import { type Config, lockFolder, migrate, PlatformModule, startEmbeddedPostgres } from '#platform';
import { WorkerModule } from '../../../worker/src/worker.module.js';
import { Workers } from '../../../worker/src/workers.service.js';
import { ApiModule } from '../api.module.js';
import { createApi } from '../create-api.js';
import { Readiness } from '../service/readiness.service.js';
import { listen } from './api-process.js';
import { bannerLines } from './banner.js';
import { type Running, StopSteps } from '../../../worker/src/process/running.js';

@Module({})
class CombinedProcess {}

/** Everything in one process: without DATABASE_URL its PostgreSQL is started here, and stopped last. */
export async function startCombined(configured: Config): Promise<Running> {
  const steps = new StopSteps();
  try {
    const config = await withDatabase(configured, steps);
    await migrate({ url: config.databaseUrl ?? '' });
    const module = {
      module: CombinedProcess,
      imports: [PlatformModule.register(config), ApiModule, WorkerModule],
    };
    const app = await createApi(module, config);
    steps.add(() => app.close());
    const url = await listen(app, config);
    // A person who stops this process waits for it: running turns are interrupted, and the log says so.
    steps.add(() => app.get(Workers).stop('interrupt'));
    steps.add(async () => app.get(Readiness).drain());
    return { banner: bannerLines(url, configured), stop: () => steps.run() };
  } catch (error) {
    await steps.run();
    throw error;
  }
}

async function withDatabase(config: Config, steps: StopSteps): Promise<Config> {
  if (config.databaseUrl !== undefined) return config;
  const lock = await lockFolder(config.dataDir, { note: `LOL Chat Log on port ${config.port}` });
  steps.add(() => lock.release());
  const server = await startEmbeddedPostgres({ dataDir: config.dataDir, log: say });
  steps.add(() => server.stop());
  return { ...config, databaseUrl: server.url };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
