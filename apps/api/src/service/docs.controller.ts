import { createReadStream, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { projectRoot } from '#platform';
import { notFound } from '../http/problem.error.js';
import { docsPage } from './docs-page.js';
import { OpenApiHolder } from './openapi-document.js';

const assetTypes: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** The API described for people and for tools. Controllers, and not static routes, so that the guards decide here too. */
@ApiExcludeController()
@Controller()
export class DocsController {
  private readonly assets = dirname(
    createRequire(join(projectRoot(), 'package.json')).resolve('swagger-ui-dist/package.json'),
  );

  constructor(private readonly holder: OpenApiHolder) {}

  @Get('openapi.json')
  document(): OpenAPIObject {
    if (!this.holder.document) throw notFound('document');
    return this.holder.document;
  }

  @Get('docs')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return docsPage();
  }

  @Get('docs/assets/:name')
  asset(@Param('name') name: string): StreamableFile {
    const type = Object.hasOwn(assetTypes, name) ? assetTypes[name] : undefined;
    const path = join(this.assets, name);
    if (!type || !existsSync(path)) throw notFound('file');
    return new StreamableFile(createReadStream(path), { type });
  }
}
