import { Body, Controller, Get, Param, Patch, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  DEFAULT_PAGE_LIMIT,
  type DiffQuery,
  diffQuerySchema,
  type FileAtVersion,
  fileAtVersionSchema,
  type GetVersion,
  getVersionSchema,
  idSchema,
  type ListVersions,
  listVersionsSchema,
  type ProjectDiff,
  projectDiffSchema,
  type ProjectVersion,
  projectVersionSchema,
  type UpdateVersion,
  updateVersionSchema,
  versionNumberSchema,
  type WholeProjectVersion,
  wholeVersionSchema,
} from '#contracts';
import type { CommandContext, Principal } from '#commands';
import { ProjectReads } from '#projections';
import { ProjectCommands } from '#projects';
import { AlsoAnswers, Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { sendLinks } from '../http/page-links.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { ProjectGateway } from './project-gateway.service.js';
import { present } from './project-views.service.js';

/** The versions of one project: listed, read, compared, named, downloaded. */
@ApiTags('projects')
@Controller('api/projects/:id')
export class ProjectVersionsController {
  constructor(
    private readonly commands: ProjectCommands,
    private readonly gateway: ProjectGateway,
    private readonly reads: ProjectReads,
  ) {}

  @Get('versions')
  @Answers(200, 'Versions, newest first', z.array(projectVersionSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listVersionsSchema }) { before, limit = DEFAULT_PAGE_LIMIT }: ListVersions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectVersion[]> {
    const page = present(await this.reads.versions(principal, id, { before, limit }), 'project');
    const last = page.items.at(-1);
    if (page.hasMore && last) {
      const query = { before: last.version, limit };
      sendLinks(reply, `/api/projects/${id}/versions`, [{ rel: 'next', query }]);
    }
    return page.items;
  }

  @Get('versions/:n')
  @Answers(
    200,
    'A version with its files, or one of them',
    z.union([wholeVersionSchema, fileAtVersionSchema]),
  )
  async get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('n', { schema: versionNumberSchema }) version: number,
    @Query({ schema: getVersionSchema }) { path }: GetVersion,
  ): Promise<WholeProjectVersion | FileAtVersion> {
    if (path === undefined) return present(await this.reads.version(principal, id, version), 'version');
    return present(await this.reads.file(principal, id, version, path), 'file');
  }

  @Patch('versions/:n')
  @Answers(200, 'Names or stars a version', projectVersionSchema)
  async update(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) projectId: string,
    @Param('n', { schema: versionNumberSchema }) version: number,
    @Body({ schema: updateVersionSchema }) body: UpdateVersion,
  ): Promise<ProjectVersion> {
    const labelling = this.commands.labelVersion(context, { projectId, version, ...body });
    const { seqTo } = await this.gateway.send(labelling);
    const found = await this.reads.versionInfo(context.principal, projectId, version, { at: seqTo });
    return present(found, 'version');
  }

  @Get('versions/:n/zip')
  @AlsoAnswers(200, 'application/zip', 'The files of a version')
  async zip(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('n', { schema: versionNumberSchema }) version: number,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { fileName, bytes } = present(await this.reads.zip(principal, id, version), 'version');
    void reply
      .type('application/zip')
      .header('Content-Disposition', `attachment; filename="${fileName}"`)
      .send(Buffer.from(bytes));
  }

  @Get('diff')
  @Answers(200, 'What leads from one version to another', projectDiffSchema)
  @AlsoAnswers(200, 'text/x-diff', 'The same as a unified diff')
  async diff(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: diffQuerySchema }) { from, to, format }: DiffQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectDiff | string> {
    if (format !== 'unified') return present(await this.reads.diff(principal, id, from, to), 'version');
    void reply.type('text/x-diff; charset=utf-8');
    return present(await this.reads.unified(principal, id, from, to), 'version');
  }
}
