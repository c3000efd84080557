import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { idSchema, type PreviewQuery, previewSchema, versionNumberSchema } from '#contracts';
import type { Principal } from '#commands';
import { ProjectReads } from '#projections';
import { AsPage } from '../http/as-page.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { present } from '../projects/project-views.service.js';
import { previewHeaders } from './security-headers.js';

/** The page that a project's files make, to be run in a frame, where it can reach nothing of ours. */
@ApiExcludeController()
@AsPage()
@Controller('preview')
export class PreviewController {
  constructor(private readonly reads: ProjectReads) {}

  @Get(':projectId')
  async project(
    @CurrentPrincipal() principal: Principal,
    @Param('projectId', { schema: idSchema }) projectId: string,
    @Query({ schema: previewSchema }) { at }: PreviewQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    show(present(await this.reads.project(principal, projectId, { at }), 'project').compiled, reply);
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
