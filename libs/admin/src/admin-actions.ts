import { Injectable } from '@nestjs/common';
import { DomainRefusal } from '#model';
import {
  type Finding,
  ParkedQueries,
  type ParkedKey,
  ProjectionOverview,
  ProjectionUnknown,
  type Rebuild,
  Rebuilds,
  type RebuiltStream,
  type RolledBack,
  Verifier,
  type VerifyReport,
  type VerifyRequest,
} from '#projections';
import { AdminAudit } from './admin-audit.js';
import type { Administrator, AskedOnce } from './administrator.js';
import type { AdminDeed } from './audit-entry.js';
import { orRefused } from './refusals.js';

/** Which projection is to be rebuilt, or `all`, and how it ends. */
export type RebuildOrder = { projection: string; dryRun?: boolean; acceptDiff?: boolean };

type RebuildStep = 'pause' | 'resume' | 'cancel' | 'accept';

/**
 * What an administrator can do, the same by the API and at the command line: each is done by its owner and stands in the audit.
 * With `once` an action that is asked for again gets its first answer, and is not done again.
 * All @throws DomainRefusal for what cannot be done; LogUnavailable where it cannot be recorded.
 */
@Injectable()
export class AdminActions {
  constructor(
    private readonly audit: AdminAudit,
    private readonly overview: ProjectionOverview,
    private readonly rebuilds: Rebuilds,
    private readonly verifier: Verifier,
    private readonly parked: ParkedQueries,
  ) {}

  /** Starts the rebuild of one projection, or of all: then all of them, or none. */
  rebuild(by: Administrator, { projection, ...how }: RebuildOrder, once?: AskedOnce): Promise<Rebuild[]> {
    const deed: AdminDeed<Rebuild[]> = {
      action: 'rebuild',
      target: projection,
      parameters: how,
      resultOf: (started) => ({ rebuildIds: started.map(({ id }) => id) }),
    };
    const names = projection === 'all' ? this.overview.names : [projection];
    return this.act(by, deed, () => this.startAll(by, names, how), once);
  }

  /** Stops it where it stands; `resume` goes on from there. */
  pause(by: Administrator, rebuildId: string, once?: AskedOnce): Promise<Rebuild> {
    return this.step(by, 'pause', rebuildId, once);
  }

  resume(by: Administrator, rebuildId: string, once?: AskedOnce): Promise<Rebuild> {
    return this.step(by, 'resume', rebuildId, once);
  }

  /** Ends it and drops what it made. */
  cancel(by: Administrator, rebuildId: string, once?: AskedOnce): Promise<Rebuild> {
    return this.step(by, 'cancel', rebuildId, once);
  }

  /** Lets the rows of a new version go live although they differ from the old ones. */
  accept(by: Administrator, rebuildId: string, once?: AskedOnce): Promise<Rebuild> {
    return this.step(by, 'accept', rebuildId, once);
  }

  /** Pauses the projection's rebuild that is not over. */
  pauseProjection(by: Administrator, projection: string, once?: AskedOnce): Promise<Rebuild> {
    return this.stepOf(by, 'pause', projection, once);
  }

  resumeProjection(by: Administrator, projection: string, once?: AskedOnce): Promise<Rebuild> {
    return this.stepOf(by, 'resume', projection, once);
  }

  /** Makes the generation that was live before the live one. */
  rollback(by: Administrator, projection: string, once?: AskedOnce): Promise<RolledBack> {
    const deed: AdminDeed<RolledBack> = {
      action: 'rollback',
      target: projection,
      resultOf: ({ from, to, rebuild }) => ({ from, to, rebuildId: rebuild?.id }),
    };
    return this.act(by, deed, () => this.rebuilds.rollback(projection, by.userId), once);
  }

  /** Makes the rows of one conversation, or project, anew from its log, in one projection or all. */
  repair(
    by: Administrator,
    streamId: string,
    projection?: string,
    once?: AskedOnce,
  ): Promise<RebuiltStream[]> {
    const deed = { action: 'repair', target: streamId, parameters: { projection } } as const;
    return this.act(by, deed, () => this.rebuilds.repair(streamId, projection), once);
  }

  /** Compares rows with the log; each finding is told as it is found. Changes nothing. */
  verify(
    by: Administrator,
    request: VerifyRequest,
    onFinding: (finding: Finding) => void | Promise<void>,
  ): Promise<VerifyReport> {
    const { signal: _, ...parameters } = request;
    const deed: AdminDeed<VerifyReport> = {
      action: 'verify',
      target: request.streamId ?? request.projection ?? 'all',
      parameters,
      resultOf: ({ streams, compared, clean, found, aborted }) => ({
        streams,
        compared,
        clean,
        found,
        aborted,
      }),
    };
    return this.act(by, deed, () => {
      const { projection } = request;
      if (projection !== undefined && !this.overview.names.includes(projection))
        throw new ProjectionUnknown(projection, this.overview.names);
      return this.verifier.verify(request, onFinding);
    });
  }

  /** Tries one parked stream again. */
  retryParked(by: Administrator, key: ParkedKey, once?: AskedOnce): Promise<{ retried: number }> {
    const { projection, generation, streamId } = key;
    const deed = {
      action: 'retry_parked',
      target: streamId,
      parameters: { projection, generation },
    } as const;
    const work = async () => {
      if (await this.parked.retry(by.tenantId, key)) return { retried: 1 };
      const message = `${streamId} is not parked in generation ${generation} of ${projection}`;
      throw new DomainRefusal('not_found', 404, message, 'id');
    };
    return this.act(by, deed, work, once);
  }

  /** Tries all parked streams again, or those that failed of one fault. */
  retryAllParked(
    by: Administrator,
    { fingerprint }: { fingerprint?: string } = {},
    once?: AskedOnce,
  ): Promise<{ retried: number }> {
    const { tenantId } = by;
    const deed: AdminDeed<{ retried: number }> = {
      action: 'retry_parked',
      target: fingerprint ?? 'all',
      resultOf: (result) => result,
    };
    const work = async () => ({ retried: await this.parked.retryAll({ tenantId, fingerprint }) });
    return this.act(by, deed, work, once);
  }

  private async startAll(
    by: Administrator,
    projections: readonly string[],
    how: Omit<RebuildOrder, 'projection'>,
  ): Promise<Rebuild[]> {
    const started: Rebuild[] = [];
    try {
      for (const projection of projections)
        started.push(await this.rebuilds.start({ projection, ...how, requestedBy: by.userId }));
      return started;
    } catch (error) {
      for (const { id } of started) await this.rebuilds.cancel(id);
      throw error;
    }
  }

  private step(by: Administrator, step: RebuildStep, rebuildId: string, once?: AskedOnce): Promise<Rebuild> {
    return this.act(by, { action: step, target: rebuildId }, () => this.rebuilds[step](rebuildId), once);
  }

  private stepOf(
    by: Administrator,
    step: RebuildStep,
    projection: string,
    once?: AskedOnce,
  ): Promise<Rebuild> {
    const work = async (): Promise<Rebuild> => {
      const rebuildId = await this.overview.openRebuild(projection);
      if (rebuildId !== null) return this.rebuilds[step](rebuildId);
      const message = `projection ${projection} is not being rebuilt`;
      throw new DomainRefusal('rebuild_not_possible', 409, message, 'name');
    };
    return this.act(by, { action: step, target: projection }, work, once);
  }

  private act<T>(
    by: Administrator,
    deed: AdminDeed<T>,
    work: () => Promise<T>,
    once?: AskedOnce,
  ): Promise<T> {
    return this.audit.act(by, deed, () => orRefused(work), once);
  }
}
