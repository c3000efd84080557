import { Injectable } from '@nestjs/common';
import { idFor, type CommandContext } from '#commands';
import type { ProjectAnswer } from './project-answer.js';
import { ProjectExecutor } from './project-executor.js';
import { ProjectFiles, type FileContents } from './project-files.js';
import { ProjectForks, type ForkPoint } from './project-forks.js';
import { ProjectRepository } from './project.repository.js';

/**
 * What people do to projects. Each command is one unit; with a key it has one effect and one answer. All throw what
 * `ProjectExecutor.execute` throws, and of `decideProject`'s refusals those that are named.
 */
@Injectable()
export class ProjectCommands {
  constructor(
    private readonly executor: ProjectExecutor,
    private readonly projects: ProjectRepository,
    private readonly files: ProjectFiles,
    private readonly forks: ProjectForks,
  ) {}

  /** A new project; with files it begins with version 1 of them. 201. @throws the refusals of files and paths */
  create(
    context: CommandContext,
    input: { title: string; files?: FileContents; metadata?: Record<string, unknown> },
  ): Promise<ProjectAnswer> {
    const { title, metadata } = input;
    return this.executor.create(context, idFor(context, 'project'), async () => {
      const files = await this.files.store(context.principal.tenantId, input.files ?? {});
      return { type: 'createProject', title, files, metadata };
    });
  }

  /**
   * Title and files as given; `files` is the whole set. Changed files make a version; what is so already changes nothing.
   * @throws the refusals of files and paths
   */
  put(
    context: CommandContext,
    { projectId, title, files }: { projectId: string; title?: string; files?: FileContents },
  ): Promise<ProjectAnswer> {
    return this.executor.execute(context, projectId, async () => {
      const stored = files && (await this.files.store(context.principal.tenantId, files));
      return { type: 'putProject', title, files: stored };
    });
  }

  /** Names or stars a version; a name of null takes it away, an absent field stays. @throws `not_found` */
  labelVersion(
    context: CommandContext,
    { projectId, ...label }: { projectId: string; version: number; name?: string | null; starred?: boolean },
  ): Promise<ProjectAnswer> {
    const command = { type: 'labelVersion', ...label } as const;
    return this.executor.execute(context, projectId, async () => command);
  }

  /**
   * Makes an old version's files current, as a new version; to undo it, restore the one before. The current version again
   * changes nothing. @throws `not_found`
   */
  restore(
    context: CommandContext,
    { projectId, version }: { projectId: string; version: number },
  ): Promise<ProjectAnswer> {
    return this.executor.execute(context, projectId, async (streamId) => {
      const seq = await this.projects.seqOfVersion(streamId, version);
      const at = seq === null ? null : await this.projects.at(streamId, seq);
      return { type: 'restoreVersion', version, files: at && at.files };
    });
  }

  /** A new project of the principal's with an old one's tree. 201. @throws `not_found` */
  fork(
    context: CommandContext,
    { projectId, title, ...point }: { projectId: string; title?: string } & ForkPoint,
  ): Promise<ProjectAnswer> {
    return this.executor.create(context, idFor(context, 'project'), () =>
      this.forks.command(context.principal, projectId, point, title),
    );
  }
}
