import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';
import { type Config, PlatformModule } from '#platform';
import { ApiModule } from '../api.module.js';
import { createApi } from '../create-api.js';
import { Readiness } from '../service/readiness.service.js';
import { type Running, StopSteps } from '../../../worker/src/process/running.js';
import { untilMigrated } from '../../../worker/src/process/until-migrated.js';
import { openWaitingRoom } from './waiting-room.js';

@Module({})
class ApiProcess {}

/** HTTP alone: workers run elsewhere. It migrates nothing, and is not ready until someone has. */
export async function startApi(config: Config, signal: AbortSignal): Promise<Running> {
  const steps = new StopSteps();
  const migrated = await untilMigrated(config, signal, () => openWaitingRoom(config));
  if (!migrated) return { banner: [], stop: () => steps.run() };
  const module = { module: ApiProcess, imports: [PlatformModule.register(config), ApiModule] };
  const app = await createApi(module, config);
  steps.add(() => app.close());
  const url = await listen(app, config).catch(async (error: unknown) => {
    await steps.run();
    throw error;
  });
  steps.add(async () => app.get(Readiness).drain());
  return { banner: [`LOL Chat Log API on ${url}`], stop: () => steps.run() };
}

/** Listens where the configuration says; gives the address for people. */
export async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  await app.listen({ port: config.port, host: config.host });
  const url = new URL(await app.getUrl());
  if (url.hostname === '127.0.0.1') url.hostname = 'localhost';
  return url.origin;
}
