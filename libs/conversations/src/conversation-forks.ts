import { Inject, Injectable, Optional } from '@nestjs/common';
import { AnswerOnce, can, idFor, keyOf, originOf, requireHead, type CommandContext } from '#commands';
import type { CommandData } from '#contracts';
import { EventLog, lineageAt, MAX_LINEAGE, WrongExpectedVersion, type AppendUnit } from '#event-log';
import {
  DomainRefusal,
  forkConversation,
  forkPoint,
  reducerVersion,
  type ConversationState,
  type Decision,
} from '#model';
import { replay, resultOf, type CommandAnswer } from './command-answer.js';
import { ConversationRepository, type LoadedConversation } from './conversation.repository.js';
import { newEvents } from './decision-unit.js';
import { conversationBusy, notFound } from './errors.js';
import { FORKED_PROJECTS, type ForkedProject, type ForkedProjects } from './forked-projects.js';
import { PastStates } from './past-states.js';

/**
 * Makes forks. A fork is one unit: its stream, which goes on from its ancestors' seqs, and, where it is asked for, the stream of a
 * copy of the project. The parent is only read, so nothing that happens to it meanwhile is in the way.
 */
@Injectable()
export class ConversationForks {
  constructor(
    private readonly log: EventLog,
    private readonly once: AnswerOnce,
    private readonly conversations: ConversationRepository,
    private readonly past: PastStates,
    @Optional() @Inject(FORKED_PROJECTS) private readonly projects?: ForkedProjects,
  ) {}

  /**
   * With a key, one fork and one answer, however often it is sent. Nothing is left behind by a refusal.
   * @throws DomainRefusal (`not_found`, `wrong_expected_seq`, `conversation_trashed`, `stream_ahead`, `fork_too_deep`,
   * `no_project`), AppendRefused, LogUnavailable
   */
  fork(context: CommandContext, input: CommandData<'forkConversation'>): Promise<CommandAnswer> {
    return this.once.answer(context, replay, () => this.decideAndAppend(context, input));
  }

  private async decideAndAppend(
    context: CommandContext,
    input: CommandData<'forkConversation'>,
  ): Promise<CommandAnswer> {
    const { conversationId: parentId, withProject = false } = input;
    const parent = await this.readable(context, parentId);
    requireHead(context, parent.state.seq);
    const at = forkPoint(parent.state, input.at);
    const lineage = lineageAt(parent.info, at);
    if (lineage.length > MAX_LINEAGE) throw tooDeep();
    const conversationId = idFor(context, 'conversation');
    const origin = { ...(await this.past.at(parent, at)), id: conversationId };
    const copy = withProject ? await this.projectPart(context, origin, parentId) : null;
    const project = copy && { projectId: copy.append.streamId, projectSeq: copy.seqTo };
    const decision = forkConversation(origin, { conversationId, parentId, ...(project && { project }) });
    const { tenantId, userId: ownerId } = context.principal;
    const own = {
      streamId: conversationId,
      tenantId,
      expectedSeq: at,
      create: { tenantId, ownerId, kind: 'conversation' as const, fork: { parentId, lineage } },
      events: newEvents(decision, originOf(context)),
    };
    return this.append(context, decision, {
      appends: [own, ...(copy ? [copy.append] : [])],
      entities: copy?.entities ?? [],
      // what everyone who goes on from here begins with: no one has to fold the parent for it
      snapshot: { streamId: conversationId, seq: at, reducerVersion, state: origin },
    });
  }

  private async append(
    context: CommandContext,
    decision: Decision,
    unit: AppendUnit,
  ): Promise<CommandAnswer> {
    const { streamId, expectedSeq, events } = unit.appends[0]!;
    const result = resultOf(decision, streamId);
    const key = keyOf(context);
    const command = key && { ...key, bodySha256: context.bodySha256, streamId, result };
    try {
      const outcome = await this.log.append({ ...unit, ...(command && { command }) });
      if (outcome.status === 'answered') return replay(outcome.command);
    } catch (error) {
      if (error instanceof WrongExpectedVersion) throw conversationBusy(streamId);
      throw error;
    }
    const seqs = { seqFrom: expectedSeq + 1, seqTo: expectedSeq + events.length };
    return { status: decision.status, result, streamId, ...seqs, replayed: false };
  }

  private async readable({ principal }: CommandContext, id: string): Promise<LoadedConversation> {
    const loaded = await this.conversations.load(id);
    const { tenantId } = principal;
    const may =
      loaded &&
      can(principal, 'read', { ...loaded.info, kind: 'stream' }) &&
      can(principal, 'create', { kind: 'tenant', tenantId });
    if (!may) throw notFound('conversation', id);
    return loaded;
  }

  private async projectPart(
    context: CommandContext,
    { seq, project }: ConversationState,
    parentId: string,
  ): Promise<ForkedProject> {
    const [event] = project ? await this.log.read(parentId, { after: seq - 1, limit: 1 }) : [];
    const place = project && event && { projectId: project.id, seq: project.seq, at: event.at };
    const newId = idFor(context, 'project');
    const part =
      place && this.projects
        ? await this.projects.part(context.principal, place, newId, originOf(context))
        : null;
    if (part) return part;
    const message = 'The conversation had no project where it is forked: fork it without.';
    throw new DomainRefusal('no_project', 409, message, 'withProject');
  }
}

function tooDeep(): DomainRefusal {
  const message = `A fork goes on from at most ${MAX_LINEAGE} conversations, and this one would be of ${MAX_LINEAGE + 1}: fork an earlier one.`;
  return new DomainRefusal('fork_too_deep', 409, message, 'at', { maxDepth: MAX_LINEAGE });
}
