import { Injectable } from '@nestjs/common';
import { type Command, CommandBus } from '@nestjs/cqrs';
import type { CommandAnswer } from '#conversations';
import { InPlaceProjector } from './in-place-projector.service.js';

/** Carries commands out, and has their own stream projected before the answer. */
@Injectable()
export class CommandGateway {
  constructor(
    private readonly bus: CommandBus,
    private readonly projector: InPlaceProjector,
  ) {}

  /** @throws what the command's handler throws. */
  async send(command: Command<CommandAnswer>): Promise<CommandAnswer> {
    const answer = await this.bus.execute(command);
    // A repeat, or a command that changed nothing, left nothing to project.
    if (!answer.replayed && answer.seqFrom !== null) await this.projector.project([answer.streamId]);
    return answer;
  }
}
