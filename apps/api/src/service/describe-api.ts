import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { loadConfig, PlatformModule } from '#platform';
import { ApiModule } from '../api.module.js';
import { createHttpAdapter } from '../http/http-adapter.js';
import { openApiDocument } from './openapi-document.js';

@Module({})
class Described {}

/** The description that the server serves at /openapi.json, made without a database: nothing is started. */
export async function describeApi(): Promise<OpenAPIObject> {
  const config = loadConfig({ DATABASE_URL: 'postgres://nowhere/none' });
  const module = { module: Described, imports: [PlatformModule.register(config), ApiModule] };
  const app = await NestFactory.create(module, createHttpAdapter(config), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return openApiDocument(app);
}
