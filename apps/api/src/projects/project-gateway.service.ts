import { Injectable } from '@nestjs/common';
import type { ProjectAnswer } from '#projects';
import { InPlaceProjector } from '../commands/in-place-projector.service.js';

/** Has a project's own stream projected before a command on it is answered. */
@Injectable()
export class ProjectGateway {
  constructor(private readonly projector: InPlaceProjector) {}

  /** @throws what the command throws */
  async send(command: Promise<ProjectAnswer>): Promise<ProjectAnswer> {
    const answer = await command;
    // A repeat, or a command that changed nothing, left nothing to project.
    if (!answer.replayed && answer.seqFrom !== null) await this.projector.project([answer.projectId]);
    return answer;
  }
}
