import { Injectable } from '@nestjs/common';
import type { AnyProjection, ProjectionName } from './projection.js';
import { ConversationsProjection } from './read-models/conversations/conversations.projection.js';
import { MessagesProjection } from './read-models/messages/messages.projection.js';
import { MomentsProjection } from './read-models/moments/moments.projection.js';
import { ProjectsProjection } from './read-models/projects/projects.projection.js';

/** The projections that this code has, each in one version. */
@Injectable()
export class ProjectionRegistry {
  readonly all: readonly AnyProjection[];

  constructor(
    conversations: ConversationsProjection,
    messages: MessagesProjection,
    moments: MomentsProjection,
    projects: ProjectsProjection,
  ) {
    this.all = [conversations, messages, moments, projects];
  }

  find(name: ProjectionName, version: number): AnyProjection | undefined {
    return this.all.find((projection) => projection.name === name && projection.version === version);
  }
}
