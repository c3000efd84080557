import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { ConversationsModule, type CommandContext, type Principal } from '#conversations';
import { EventLog } from '#event-log';
import { loadConfig, PlatformModule, type Config } from '#platform';
import { ProjectsModule } from '#projects';
import { StreamingModule } from '#streaming';

/** The write side and live delivery of one process, wired as in the application, without HTTP and workers. */
export type ServiceProcess = { app: TestingModule; log: EventLog; config: Config; close(): Promise<void> };

/** Several of them on one database are several processes: each has its own pool, log, caches and signals. */
export async function startServiceProcess(
  url: string,
  { redisUrl, poolSize, ...settings }: Partial<Config> & { poolSize?: number } = {},
): Promise<ServiceProcess> {
  const config = { ...loadConfig({ DATABASE_URL: url, REDIS_URL: redisUrl }), ...settings };
  const app = await Test.createTestingModule({
    imports: [
      PlatformModule.register(config, { poolSize }),
      ConversationsModule,
      ProjectsModule,
      StreamingModule,
    ],
  }).compile();
  await app.init();
  return { app, log: app.get(EventLog, { strict: false }), config, close: () => app.close() };
}

export const ann: Principal = { tenantId: 'acme', userId: 'ann', scopes: ['*'] };
export const bob: Principal = { tenantId: 'acme', userId: 'bob', scopes: ['*'] };

/** A command's context; with a key it can be given again. */
export function contextOf(principal: Principal = ann, commandId?: string, body = 'body'): CommandContext {
  return {
    principal,
    commandId,
    bodySha256: Buffer.from(body.padEnd(32)).toString('hex'),
    requestId: randomUUID(),
  };
}
