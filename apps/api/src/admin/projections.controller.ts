import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdminActions } from '#admin';
import {
  emptyBodySchema,
  projectionNameSchema,
  projectionReportSchema,
  rebuildSchema,
  rolledBackSchema,
  type StartRebuild,
  startRebuildSchema,
  type Verify,
  type VerifyReportResource,
  verifyReportSchema,
  verifySchema,
} from '#contracts';
import { ProjectionOverview, type ProjectionReport, type Rebuild, type RolledBack } from '#projections';
import { Answers } from '../http/answers.decorator.js';
import { RequireScope } from '../http/require-scope.decorator.js';
import { Acting, type ActingAdmin } from './acting-admin.decorator.js';
import { BoundedVerifications } from './bounded-verifications.service.js';

/** Projections: how they stand, and what can be done about it. `all` is a name here where several can be meant. */
@ApiTags('admin')
@RequireScope('admin:write')
@Controller('api/admin/projections')
export class AdminProjectionsController {
  constructor(
    private readonly overview: ProjectionOverview,
    private readonly actions: AdminActions,
    private readonly verifications: BoundedVerifications,
  ) {}

  @Get()
  @RequireScope('admin:read')
  @Answers(200, 'Every projection: its generations, its lag, what is parked', z.array(projectionReportSchema))
  list(): Promise<ProjectionReport[]> {
    return this.overview.all();
  }

  @Post(':name/rebuild')
  @Answers(
    202,
    'Starts a rebuild; with the name `all`, one of every projection',
    z.union([rebuildSchema, z.array(rebuildSchema)]),
  )
  @HttpCode(202)
  async rebuild(
    @Acting() { by, once }: ActingAdmin,
    @Param('name', { schema: projectionNameSchema }) projection: string,
    @Body({ schema: startRebuildSchema }) body: StartRebuild,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Rebuild | Rebuild[]> {
    const started = await this.actions.rebuild(by, { projection, ...body }, once);
    const [only] = started;
    const isOne = projection !== 'all' && only !== undefined;
    void reply.header('Location', isOne ? `/api/admin/rebuilds/${only.id}` : '/api/admin/rebuilds');
    return isOne ? only : started;
  }

  @Post(':name/verify')
  @Answers(200, 'Compares rows with the log, and answers when it has', verifyReportSchema)
  @HttpCode(200)
  verify(
    @Acting() { by }: ActingAdmin,
    @Param('name', { schema: projectionNameSchema }) name: string,
    @Body({ schema: verifySchema }) body: Verify,
  ): Promise<VerifyReportResource> {
    return this.verifications.run(by, { projection: name === 'all' ? undefined : name, ...body });
  }

  @Post(':name/pause')
  @Answers(200, "Pauses the projection's rebuild", rebuildSchema)
  @HttpCode(200)
  pause(
    @Acting() { by, once }: ActingAdmin,
    @Param('name', { schema: projectionNameSchema }) name: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.pauseProjection(by, name, once);
  }

  @Post(':name/resume')
  @Answers(200, "Goes on with the projection's rebuild", rebuildSchema)
  @HttpCode(200)
  resume(
    @Acting() { by, once }: ActingAdmin,
    @Param('name', { schema: projectionNameSchema }) name: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.resumeProjection(by, name, once);
  }

  @Post(':name/rollback')
  @Answers(200, 'Makes the generation live that was live before', rolledBackSchema)
  @HttpCode(200)
  rollback(
    @Acting() { by, once }: ActingAdmin,
    @Param('name', { schema: projectionNameSchema }) name: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<RolledBack> {
    return this.actions.rollback(by, name, once);
  }
}
