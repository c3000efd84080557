import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Project } from '#contracts';
import type { Principal } from '#conversations';
import { CONFIG, type Config } from '#platform';
import { type Frame, pumpText } from '#streaming';
import { openEventStream, STALL_MS } from '../http/event-stream.js';
import { problemFor } from '../http/problem-mapping.js';
import { inPieces, type Writing } from './frame-pieces.js';
import { done, encodeLolFrame, heartbeat, type LolFrame } from './lol-frame.js';
import { lolMessage } from './lol-message.js';
import type { LolTurn } from './lol-turn.js';
import { TurnFollower } from './turn-follower.service.js';
import { LolTurnFold } from './turn-fold.js';
import { ConversationProjects } from './conversation-projects.service.js';

/** The app gives up on a stream that is silent for 30 s. */
const LONGEST_SILENCE_MS = 15_000;

/** Answers with a turn as the LOL app reads it. Closing the connection ends the answer, not the turn. */
@Injectable()
export class LolStreams {
  private readonly logger = new Logger(LolStreams.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly follower: TurnFollower,
    private readonly projects: ConversationProjects,
  ) {}

  /** The answer ends after `done`, or after the failure. @throws what the log refuses before anything is sent */
  async send(
    principal: Principal,
    turn: LolTurn,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const abort = new AbortController();
    const following = await this.follower.open(turn, abort.signal);
    const body = openEventStream(request, reply, () => abort.abort());
    if (!body) return;
    const writing: Writing = { midFrame: false };
    const beat = () => {
      if (body.writable && !writing.midFrame) body.write(encodeLolFrame(heartbeat));
    };
    const beating = setInterval(beat, Math.min(this.config.pingMs, LONGEST_SILENCE_MS));
    const { streamBufferBytes: bufferBytes } = this.config;
    const pieces = inPieces(this.told(principal, turn, following, request.id), writing);
    try {
      await pumpText(pieces, (piece) => piece, body, { bufferBytes, stallMs: STALL_MS });
    } finally {
      clearInterval(beating);
    }
  }

  /** Never throws: the app learns of a failure only by a message. */
  private async *told(
    principal: Principal,
    turn: LolTurn,
    following: AsyncIterable<Frame>,
    requestId: string,
  ): AsyncGenerator<LolFrame> {
    const fold = new LolTurnFold(turn.conversationId, turn.turnId);
    try {
      yield* this.follower.frames(following, fold);
      if (!fold.end) return;
      const { error, changedProject } = fold.end;
      const isWanted = changedProject || fold.end.type === 'TurnCompleted';
      const project = isWanted ? await this.projects.of(principal, turn.conversationId) : null;
      if (error === undefined) yield* endedWell(fold, turn, project);
      else yield* failed(fold, turn, error, project);
    } catch (error) {
      this.logger.warn(`a LOL stream ended early: ${error instanceof Error ? error.message : String(error)}`);
      const { problem, headers } = problemFor(error, requestId);
      const retrySeconds = headers['Retry-After'];
      const retryMs = retrySeconds === undefined ? undefined : Number(retrySeconds) * 1_000;
      yield* failed(fold, turn, problem.message, null, retryMs);
    }
  }
}

function projectFrame(project: Project | null): LolFrame[] {
  return project ? [{ event: 'project', data: { project } }] : [];
}

/** A turn that was stopped has no `complete`: it made what it made. */
function endedWell(
  { end, answer }: LolTurnFold,
  { conversationId }: LolTurn,
  project: Project | null,
): LolFrame[] {
  if (end?.type !== 'TurnCompleted') return [...projectFrame(project), done];
  const { at, seq } = end;
  const data = { files: project?.files ?? {} };
  const complete = lolMessage({ type: 'complete', data, conversationId, at, seq, row: answer });
  return [complete, ...projectFrame(project), done];
}

/** What was written before the failure is shown first: the app reads nothing after it. */
function failed(
  { end, answer, userMessageId }: LolTurnFold,
  { conversationId }: LolTurn,
  error: string,
  project: Project | null,
  retryMs?: number,
): LolFrame[] {
  const at = end?.at ?? new Date().toISOString();
  const told = lolMessage({ type: 'error', data: { error }, conversationId, at, seq: end?.seq, row: answer });
  const messageId = answer?.id ?? userMessageId;
  return [
    ...projectFrame(project),
    told,
    { event: 'error', data: { error, conversationId, ...(messageId !== null && { messageId }) }, retryMs },
  ];
}
