import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { assertSafeDatabase, type Config, Database } from '#platform';
import { processLogger } from '../../worker/src/process/process-logger.js';
import { corsOptions } from './http/cors.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { OpenApiHolder, openApiDocument } from './service/openapi-document.js';

/** The HTTP application, complete and not yet listening. */
export async function createApi(module: DynamicModule, config: Config): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(config), {
    bodyParser: false,
    abortOnError: false,
    logger: processLogger(config),
  });
  try {
    app.enableCors(corsOptions(config.clientUrl));
    await assertSafeDatabase(app.get(Database));
    app.get(OpenApiHolder).document = openApiDocument(app);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}
