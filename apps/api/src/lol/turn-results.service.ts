import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { GeneratedProject } from '#contracts';
import type { Principal } from '#conversations';
import { ProblemError } from '../http/problem.error.js';
import { leaveUntimed } from '../observability/request-scope.js';
import type { LolTurn } from './lol-turn.js';
import { TurnFollower } from './turn-follower.service.js';
import { LolTurnFold, type LolTurnEnd } from './turn-fold.js';
import { ConversationProjects } from './conversation-projects.service.js';

const codes: Record<Exclude<LolTurnEnd['type'], 'TurnCompleted'>, [number, string]> = {
  TurnFailed: [502, 'turn_failed'],
  TurnInterrupted: [502, 'turn_interrupted'],
  TurnCancelled: [409, 'turn_cancelled'],
};

/** Answers with what a turn made, once it has ended. */
@Injectable()
export class TurnResults {
  constructor(
    private readonly follower: TurnFollower,
    private readonly projects: ConversationProjects,
  ) {}

  /** A client that goes away is waited for no longer; the turn runs on. @throws ProblemError saying how the turn ended */
  async wait(principal: Principal, turn: LolTurn, reply: FastifyReply): Promise<GeneratedProject> {
    const abort = new AbortController();
    leaveUntimed(reply.request);
    reply.raw.once('close', () => abort.abort());
    const { conversationId, turnId } = turn;
    const fold = new LolTurnFold(conversationId, turnId);
    const frames = this.follower.frames(await this.follower.open(turn, abort.signal), fold);
    for await (const _ of frames);
    requireGoodEnd(fold.end, { conversationId, turnId });
    const project = await this.projects.of(principal, conversationId);
    if (!project) {
      const details = { conversationId, turnId };
      throw new ProblemError(502, 'nothing_generated', 'Claude answered without writing a file.', {
        details,
      });
    }
    const { id, title, files, compiled, version } = project;
    return { id, title, files, compiled, version };
  }
}

function requireGoodEnd(end: LolTurnEnd | null, ids: object): void {
  if (end === null) throw new ProblemError(499, 'client_gone', 'The client has gone away.');
  if (end.type === 'TurnCompleted') return;
  const [status, code] = codes[end.type];
  const details = { ...ids, ...(end.code !== undefined && { reason: end.code }) };
  throw new ProblemError(status, code, end.error ?? 'The turn was stopped.', { details });
}
