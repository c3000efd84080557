import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { idSchema, versionNumberSchema } from '#contracts';
import type { Principal } from '#commands';
import { ProjectReads } from '#projections';
import { AsPage } from '../http/as-page.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { present, ProjectViews } from '../projects/project-views.service.js';
import { previewHeaders } from './security-headers.js';

/** The page that a project's files make, to be run in a frame, where it can reach nothing of ours. */
@ApiExcludeController()
@AsPage()
@Controller('preview')
export class PreviewController {
  constructor(
    private readonly reads: ProjectReads,
    private readonly views: ProjectViews,
  ) {}

  @Get(':projectId')
  async newest(
    @CurrentPrincipal() principal: Principal,
    @Param('projectId', { schema: idSchema }) projectId: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    show((await this.views.get(principal, projectId)).compiled, reply);
  }

  @Get(':projectId/:version')
  async version(
    @CurrentPrincipal() principal: Principal,
    @Param('projectId', { schema: idSchema }) projectId: string,
    @Param('version', { schema: versionNumberSchema }) version: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    show(present(await this.reads.version(principal, projectId, version), 'version').compiled, reply);
  }
}

function show(page: string, reply: FastifyReply): void {
  void reply.headers(previewHeaders).type('text/html; charset=utf-8').send(page);
}
