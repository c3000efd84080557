import { Injectable } from '@nestjs/common';
import { can, type Principal } from '#commands';
import { decideProject, DomainRefusal, initialProject, type CreateProject, type EventMetadata } from '#model';
import { projectNotFound } from './errors.js';
import { projectPart, type ProjectPart } from './project-unit.js';
import { ProjectRepository } from './project.repository.js';

/** Which tree a fork begins with: that of a version, or of a seq; of neither: as it is now. */
export type ForkPoint = { version?: number; seq?: number };

/** Makes new projects of old ones' trees. Contents are shared, events are not copied. */
@Injectable()
export class ProjectForks {
  constructor(private readonly projects: ProjectRepository) {}

  /**
   * The command that makes the fork.
   * @throws DomainRefusal `not_found` (the project is not there or not the principal's, or never was at that point)
   */
  async command(
    principal: Principal,
    projectId: string,
    { version, seq }: ForkPoint,
    title?: string,
  ): Promise<CreateProject> {
    const loaded = await this.projects.load(projectId);
    if (!loaded || !can(principal, 'read', { ...loaded.info, kind: 'stream' }))
      throw projectNotFound(projectId);
    const at = version === undefined ? seq : await this.projects.seqOfVersion(loaded.state.id, version);
    const state = at === undefined ? loaded.state : at && (await this.projects.at(loaded.state.id, at));
    if (!state) {
      const what = version === undefined ? `seq ${seq}` : `version ${version}`;
      throw new DomainRefusal(
        'not_found',
        404,
        `There is no ${what}.`,
        version === undefined ? 'seq' : 'version',
      );
    }
    return {
      type: 'createProject',
      title: title ?? state.title,
      files: state.files,
      metadata: state.metadata,
      forkedFrom: { projectId: state.id, version: state.version, seq: state.seq },
    };
  }

  /** The fork as a part of a unit that makes more than it: `newId` is the new project's. @throws as `command` */
  async part(
    principal: Principal,
    source: { projectId: string; at: ForkPoint; title?: string },
    newId: string,
    metadata: EventMetadata,
  ): Promise<ProjectPart> {
    const command = await this.command(principal, source.projectId, source.at, source.title);
    const state = initialProject(newId);
    const at = { tenantId: principal.tenantId, ownerId: principal.userId, state };
    return projectPart(at, decideProject(state, command), metadata)!;
  }
}
