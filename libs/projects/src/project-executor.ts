import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AnswerOnce, can, keyOf, originOf, requireHead, StreamGate, type CommandContext } from '#commands';
import { EventLog, WrongExpectedVersion, type AppendOutcome, type AppendUnit } from '#event-log';
import { decideProject, initialProject, type ProjectCommand } from '#model';
import { projectBusy, projectNotFound } from './errors.js';
import { replayProject, type ProjectAnswer } from './project-answer.js';
import { projectPart, type ProjectAt } from './project-unit.js';
import { ProjectRepository } from './project.repository.js';

/** A command that loses every race for this long gives up. */
const patienceMs = 10_000;
const longestPauseMs = 20;

type Attempt = ProjectAnswer | 'beaten';

/**
 * Carries a project's command out: load, decide, append; where someone else appended first, load and decide again. With a
 * key, a command has one effect and one answer, however often and wherever it is sent.
 */
@Injectable()
export class ProjectExecutor {
  constructor(
    private readonly log: EventLog,
    private readonly once: AnswerOnce,
    private readonly projects: ProjectRepository,
    private readonly gate: StreamGate,
  ) {}

  /**
   * `prepare` runs once, when the command was not answered before and the project is the principal's: what it looks up must
   * be what never changes.
   * @throws DomainRefusal (`not_found` also where the project is not the principal's; `wrong_expected_seq`,
   * `project_busy`), AppendRefused, LogUnavailable (it may have been carried out: repeat it with its key)
   */
  execute(
    context: CommandContext,
    projectId: string,
    prepare: (streamId: string) => Promise<ProjectCommand>,
  ): Promise<ProjectAnswer> {
    return this.once.answer(context, replayProject, async () => {
      const info = await this.projects.info(projectId);
      if (!info || !can(context.principal, 'write', { ...info, kind: 'stream' }))
        throw projectNotFound(projectId);
      const command = await prepare(info.streamId);
      const giveUpAt = performance.now() + patienceMs;
      for (let attempt = 0; performance.now() < giveUpAt; attempt += 1) {
        const outcome = await this.gate.run(info.streamId, () =>
          this.attempt(context, info.streamId, command),
        );
        if (outcome !== 'beaten') return outcome;
        await sleep(Math.random() * Math.min(2 * attempt, longestPauseMs));
      }
      throw projectBusy(projectId);
    });
  }

  /** Carries out a command whose event is the first of a new project. @throws as `execute` */
  create(
    context: CommandContext,
    projectId: string,
    prepare: () => Promise<ProjectCommand>,
  ): Promise<ProjectAnswer> {
    return this.once.answer(context, replayProject, async () => {
      const { tenantId, userId: ownerId } = context.principal;
      if (!can(context.principal, 'create', { kind: 'tenant', tenantId })) throw projectNotFound(projectId);
      requireHead(context, 0);
      const at = { tenantId, ownerId, state: initialProject(projectId) };
      const outcome = await this.append(context, at, await prepare());
      if (outcome === 'beaten') throw projectBusy(projectId);
      return outcome;
    });
  }

  private async attempt(
    context: CommandContext,
    projectId: string,
    command: ProjectCommand,
  ): Promise<Attempt> {
    const loaded = await this.projects.load(projectId);
    if (!loaded) throw projectNotFound(projectId);
    const { info, state } = loaded;
    requireHead(context, state.seq);
    return this.append(context, { tenantId: info.tenantId, state }, command);
  }

  private async append(context: CommandContext, at: ProjectAt, command: ProjectCommand): Promise<Attempt> {
    const { id: projectId, seq } = at.state;
    const decision = decideProject(at.state, command);
    const part = projectPart(at, decision, originOf(context));
    const result = { status: decision.status, projectId, version: decision.version };
    const key = keyOf(context);
    const outcome = await this.commit({
      appends: part ? [part.append] : [],
      entities: part?.entities,
      ...(key && {
        command: { ...key, bodySha256: context.bodySha256, streamId: projectId, result, decidedAtSeq: seq },
      }),
    });
    if (outcome === 'beaten') return 'beaten';
    if (outcome?.status === 'answered') return replayProject(outcome.command);
    const { seqFrom, seqTo } = outcome?.positions[0] ?? { seqFrom: null, seqTo: seq };
    return { ...result, seqFrom, seqTo, replayed: false };
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
}
