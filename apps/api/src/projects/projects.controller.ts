import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  anyIdSchema,
  type CreateProject,
  createProjectSchema,
  DEFAULT_PAGE_LIMIT,
  type ForkProject,
  forkProjectSchema,
  idSchema,
  type ListProjects,
  listProjectsSchema,
  type Project,
  projectSchema,
  type ProjectSummary,
  projectSummarySchema,
  type PutProject,
  putProjectSchema,
  type RestoreVersion,
  restoreVersionSchema,
  type WelcomeProject,
  welcomeProjectSchema,
} from '#contracts';
import type { CommandContext, Principal } from '#commands';
import { ProjectReads } from '#projections';
import { type ProjectAnswer, ProjectCommands } from '#projects';
import { Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { cursorLinks, sendLinks } from '../http/page-links.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { readPage } from '../http/read-page.js';
import { ProjectGateway } from './project-gateway.service.js';
import { ProjectViews } from './project-views.service.js';
import { welcomeProject } from './welcome-page.js';

/** Projects: make, list, read, write, bring an old version back, fork. */
@ApiTags('projects')
@Controller('api/projects')
export class ProjectsController {
  constructor(
    private readonly commands: ProjectCommands,
    private readonly gateway: ProjectGateway,
    private readonly reads: ProjectReads,
    private readonly views: ProjectViews,
  ) {}

  @Get()
  @Answers(200, 'Projects without their files, newest created first', z.array(projectSummarySchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: listProjectsSchema }) query: ListProjects,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProjectSummary[]> {
    const { limit = DEFAULT_PAGE_LIMIT } = query;
    const page = await readPage(query, () => this.reads.list(principal, { ...query, limit }));
    sendLinks(reply, '/api/projects', cursorLinks(page, { limit }));
    return page.items;
  }

  @Post()
  @Answers(201, 'Makes a project', projectSchema)
  create(
    @Context() context: CommandContext,
    @Body({ schema: createProjectSchema }) body: CreateProject,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Project> {
    return this.created(context, this.commands.create(context, body), reply);
  }

  @Get('random')
  @Answers(
    200,
    'Any project, counting the view; a welcome page where there is none',
    z.union([projectSchema, welcomeProjectSchema]),
  )
  async random(@CurrentPrincipal() principal: Principal): Promise<Project | WelcomeProject> {
    return (await this.reads.random(principal)) ?? welcomeProject;
  }

  @Get(':id')
  @Answers(200, 'A project with its files, and the page that they make', projectSchema)
  get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: anyIdSchema }) id: string,
  ): Promise<Project> {
    return this.views.get(principal, id);
  }

  @Put(':id')
  @Answers(200, 'Names a project, or replaces all of its files', projectSchema)
  async put(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) projectId: string,
    @Body({ schema: putProjectSchema }) body: PutProject,
  ): Promise<Project> {
    const answer = await this.gateway.send(this.commands.put(context, { projectId, ...body }));
    return this.views.after(context.principal, answer);
  }

  @Post(':id/restore')
  @Answers(200, "Makes an old version's files current, as a new version", projectSchema)
  @HttpCode(200)
  async restore(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) projectId: string,
    @Body({ schema: restoreVersionSchema }) { version }: RestoreVersion,
  ): Promise<Project> {
    const answer = await this.gateway.send(this.commands.restore(context, { projectId, version }));
    return this.views.after(context.principal, answer);
  }

  @Post(':id/fork')
  @Answers(201, "Makes a new project with a version's files", projectSchema)
  fork(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) projectId: string,
    @Body({ schema: forkProjectSchema }) body: ForkProject,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Project> {
    return this.created(context, this.commands.fork(context, { projectId, ...body }), reply);
  }

  private async created(
    context: CommandContext,
    command: Promise<ProjectAnswer>,
    reply: FastifyReply,
  ): Promise<Project> {
    const answer = await this.gateway.send(command);
    void reply.header('Location', `/api/projects/${answer.projectId}`);
    return this.views.after(context.principal, answer);
  }
}
