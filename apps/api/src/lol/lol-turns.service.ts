import { Injectable } from '@nestjs/common';
import { type CommandContext, RequestTurn, StartConversation } from '#conversations';
import { DomainRefusal, titleFrom } from '#model';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { partOf } from '../http/command-context.decorator.js';
import { ProblemError } from '../http/problem.error.js';
import { ProjectViews } from '../projects/project-views.service.js';
import type { LolTurn } from './lol-turn.js';

export type LolPrompt = {
  prompt: string;
  projectId?: string | null;
  /** Absent: a new conversation of the project's. */
  conversationId?: string | null;
  /** Of a new conversation; absent: the prompt's beginning. */
  title?: string;
};

/** Accepts the LOL app's prompts: each is a turn like any other, and runs outside the request. */
@Injectable()
export class LolTurns {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly projects: ProjectViews,
  ) {}

  /**
   * Accepted, as soon as the prompt is committed. A new conversation is started only for a project that exists.
   * @throws ProblemError 404 for an unknown project or conversation, DomainRefusal
   */
  async request(context: CommandContext, wanted: LolPrompt): Promise<LolTurn> {
    const { prompt, projectId, conversationId } = wanted;
    if (projectId != null) await this.projects.requireReadable(context.principal, projectId, 'projectId');
    if (conversationId != null) return this.ask(context, conversationId, wanted);
    const title = wanted.title ?? titleFrom(prompt);
    const { streamId } = await this.gateway.send(new StartConversation(context, { projectId, title }));
    return this.ask(partOf(context, 'turn'), streamId, wanted);
  }

  private async ask(
    context: CommandContext,
    conversationId: string,
    { prompt, projectId }: LolPrompt,
  ): Promise<LolTurn> {
    const asking = new RequestTurn(context, { conversationId, prompt, projectId });
    const { seqFrom, seqTo, result } = await this.gateway.send(asking).catch(asAbsent);
    if (result.turnId === undefined) throw new Error('an accepted turn has no id');
    // From right before the turn's first event, which names its user message.
    return { conversationId, turnId: result.turnId, after: (seqFrom ?? seqTo) - 1 };
  }
}

/** The app deletes for good, as far as it knows: what it deleted is absent. */
function asAbsent(error: unknown): never {
  if (error instanceof DomainRefusal && error.code === 'conversation_trashed') {
    throw new ProblemError(404, error.code, error.message, { field: 'conversationId' });
  }
  throw error;
}
