import { Injectable } from '@nestjs/common';
import type { ForkedProject, ForkedProjects, Principal, ProjectPlace } from '#conversations';
import { DomainRefusal, type EventMetadata } from '#model';
import { StreamTimes } from '#projections';
import { ProjectForks } from '#projects';

/** Copies of projects as they were where a conversation stood. */
@Injectable()
export class ProjectCopies implements ForkedProjects {
  constructor(
    private readonly forks: ProjectForks,
    private readonly times: StreamTimes,
  ) {}

  async part(
    principal: Principal,
    { projectId, seq, at }: ProjectPlace,
    newId: string,
    metadata: EventMetadata,
  ): Promise<ForkedProject | null> {
    const place = seq ?? (await this.times.seqAt(principal, projectId, at, 'project'));
    if (!place) return null;
    try {
      return await this.forks.part(principal, { projectId, at: { seq: place } }, newId, metadata);
    } catch (error) {
      if (error instanceof DomainRefusal && error.code === 'not_found') return null;
      throw error;
    }
  }
}
