import { Injectable } from '@nestjs/common';
import type { Project } from '#contracts';
import type { Principal } from '#conversations';
import { ConversationQueries, ProjectReads } from '#projections';

/** The project that a conversation builds, as it is now. */
@Injectable()
export class ConversationProjects {
  constructor(
    private readonly conversations: ConversationQueries,
    private readonly projects: ProjectReads,
  ) {}

  /** Null where nothing was written yet. @throws ReadUnavailable */
  async of(principal: Principal, conversationId: string): Promise<Project | null> {
    const found = await this.conversations.get(principal, conversationId);
    const projectId = found?.conversation.projectId;
    return projectId === undefined ? null : this.projects.project(principal, projectId);
  }
}
