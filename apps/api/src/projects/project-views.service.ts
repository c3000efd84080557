import { Injectable } from '@nestjs/common';
import type { Project } from '#contracts';
import { can, type Principal } from '#commands';
import { ProjectReads } from '#projections';
import { ProjectRepository } from '#projects';
import type { ProjectAnswer } from '#projects';
import { notFound, ProblemError } from '../http/problem.error.js';

/** A project as clients see it. */
@Injectable()
export class ProjectViews {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly reads: ProjectReads,
  ) {}

  /** @throws ProblemError 404 when there is no such project, or it is not the principal's */
  async requireReadable(principal: Principal, projectId: string, field?: string): Promise<void> {
    const info = await this.projects.info(projectId);
    if (info && can(principal, 'read', { ...info, kind: 'stream' })) return;
    throw new ProblemError(
      404,
      'not_found',
      'There is no such project.',
      field === undefined ? {} : { field },
    );
  }

  /** @throws ProblemError 404 */
  async get(principal: Principal, projectId: string): Promise<Project> {
    return present(await this.reads.project(principal, projectId), 'project');
  }

  /** As of the command: a repeat shows what the first answer showed. */
  async after(principal: Principal, { projectId, seqTo }: ProjectAnswer): Promise<Project> {
    return present(await this.reads.project(principal, projectId, { at: seqTo }), 'project');
  }
}

/** @throws ProblemError 404 for null */
export function present<T>(found: T | null, what: string): T {
  if (found === null) throw notFound(what);
  return found;
}
