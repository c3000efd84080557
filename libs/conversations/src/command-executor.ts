import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AnswerOnce, can, keyOf, originOf, requireHead, StreamGate, type CommandContext } from '#commands';
import {
  EventLog,
  WrongExpectedVersion,
  type AppendOutcome,
  type AppendUnit,
  type StreamInfo,
} from '#event-log';
import { decide, initialState, type ConversationCommand, type Decision } from '#model';
import { inSpan, JobQueues, noteInContext } from '#platform';
import { replay, resultOf, type CommandAnswer } from './command-answer.js';
import { ConversationRepository } from './conversation.repository.js';
import { CreationFacts } from './creation-facts.js';
import { decisionUnit, type DecidedAt } from './decision-unit.js';
import { conversationBusy, notFound } from './errors.js';
import { TurnVersions } from './turn-versions.js';

/** A command that loses every race for this long gives up. */
const patienceMs = 10_000;
const longestPauseMs = 20;

/** Known by identity: no request can be it. */
const machinery: CommandContext = { principal: { tenantId: '', userId: '', scopes: [] }, bodySha256: '' };

type Attempt = CommandAnswer | 'beaten';

/**
 * Carries a command out: load, decide, append; where someone else appended first, load and decide again.
 * With a key, a command has one effect and one answer, however often and wherever it is sent, at once or later; a
 * refusal is not an answer and is decided anew each time.
 */
@Injectable()
export class CommandExecutor {
  constructor(
    private readonly log: EventLog,
    private readonly once: AnswerOnce,
    private readonly conversations: ConversationRepository,
    private readonly facts: CreationFacts,
    private readonly gate: StreamGate,
    private readonly queues: JobQueues,
    private readonly versions: TurnVersions,
  ) {}

  /**
   * @throws DomainRefusal (`not_found` also where the stream is not the principal's; `wrong_expected_seq`,
   * `conversation_busy`), AppendRefused, LogUnavailable (it may have been carried out: repeat it
   * with its key)
   */
  execute(context: CommandContext, streamId: string, command: ConversationCommand): Promise<CommandAnswer> {
    noteInContext({ conversationId: streamId });
    return inSpan(`command ${command.type}`, { 'chatlog.stream_id': streamId }, () =>
      this.once.answer(context, replay, () => this.decideUntilAppended(context, streamId, command)),
    );
  }

  /**
   * Carries out what the service itself does to a conversation, on nobody's behalf: no access check, no key.
   * @throws as `execute`
   */
  enforce(streamId: string, command: ConversationCommand): Promise<CommandAnswer> {
    return this.decideUntilAppended(machinery, streamId, command);
  }

  /** Carries out a command whose event is the first of a new stream. @throws as `execute` */
  create(context: CommandContext, streamId: string, command: ConversationCommand): Promise<CommandAnswer> {
    noteInContext({ conversationId: streamId });
    const work = () => this.once.answer(context, replay, () => this.appendFirst(context, streamId, command));
    return inSpan(`command ${command.type}`, { 'chatlog.stream_id': streamId }, work);
  }

  private async appendFirst(
    context: CommandContext,
    streamId: string,
    command: ConversationCommand,
  ): Promise<CommandAnswer> {
    const { tenantId, userId } = context.principal;
    if (!can(context.principal, 'create', { kind: 'tenant', tenantId }))
      throw notFound('conversation', streamId);
    const at = { streamId, tenantId, ownerId: userId, state: initialState(streamId), sinceSnapshot: 0 };
    requireHead(context, 0);
    const outcome = await this.append(context, at, decide(at.state, command, { messages: {} }));
    if (outcome === 'beaten') throw conversationBusy(streamId);
    return outcome;
  }

  private async decideUntilAppended(
    context: CommandContext,
    streamId: string,
    command: ConversationCommand,
  ): Promise<CommandAnswer> {
    const giveUpAt = performance.now() + patienceMs;
    for (let attempt = 0; performance.now() < giveUpAt; attempt += 1) {
      const outcome = await this.gate.run(streamId, () => this.attempt(context, streamId, command));
      if (outcome !== 'beaten') return outcome;
      await sleep(Math.random() * Math.min(2 * attempt, longestPauseMs));
    }
    throw conversationBusy(streamId);
  }

  private async attempt(
    context: CommandContext,
    streamId: string,
    command: ConversationCommand,
  ): Promise<Attempt> {
    const loaded = await this.conversations.load(streamId);
    if (!loaded || !mayWrite(context, loaded.info)) throw notFound('conversation', streamId);
    const { state, sinceSnapshot } = loaded;
    requireHead(context, state.seq);
    const decision = decide(state, command, await this.facts.gather(streamId, command, state));
    return this.append(context, { streamId, tenantId: loaded.info.tenantId, state, sinceSnapshot }, decision);
  }

  private async append(context: CommandContext, at: DecidedAt, decision: Decision): Promise<Attempt> {
    const result = resultOf(decision, at.streamId);
    const key = keyOf(context);
    const decided = decisionUnit(at, decision, context === machinery ? {} : originOf(context));
    const unit: AppendUnit = {
      ...(await this.versions.complete(decided, at.state)),
      ...(key && {
        command: {
          ...key,
          bodySha256: context.bodySha256,
          streamId: at.streamId,
          result,
          decidedAtSeq: at.state.seq,
        },
      }),
    };
    const outcome = await this.commit(unit);
    if (outcome === 'beaten') return 'beaten';
    if (outcome?.status === 'answered') return replay(outcome.command);
    if (unit.snapshot) this.conversations.snapshotTaken(at.streamId, unit.snapshot.seq);
    if (unit.openTurn) this.hintTurn(unit.openTurn);
    const { seqFrom, seqTo } = outcome?.positions[0] ?? { seqFrom: null, seqTo: at.state.seq };
    noteInContext({ seq: seqTo });
    return { status: decision.status, result, streamId: at.streamId, seqFrom, seqTo, replayed: false };
  }

  /** Null: a command that changes nothing and has no key leaves no trace. */
  private async commit(unit: AppendUnit): Promise<AppendOutcome | 'beaten' | null> {
    if (unit.appends.length === 0 && !unit.command) return null;
    try {
      return await this.log.append(unit);
    } catch (error) {
      if (error instanceof WrongExpectedVersion) return 'beaten';
      throw error;
    }
  }

  /** The turn stands in the log and in its table; the job only starts it sooner. Not waited for. */
  private hintTurn({ streamId, turnId }: { streamId: string; turnId: string }): void {
    void this.queues.enqueue('turns', { streamId, turnId }, { dedupeId: turnId });
  }
}

function mayWrite(context: CommandContext, { tenantId, ownerId }: StreamInfo): boolean {
  return context === machinery || can(context.principal, 'write', { kind: 'stream', tenantId, ownerId });
}
