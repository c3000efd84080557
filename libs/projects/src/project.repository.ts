import { Injectable } from '@nestjs/common';
import { LruMap } from '#commands';
import { EventLog, type StreamInfo } from '#event-log';
import { foldProject, initialProject, projectReducerVersion, versionId, type ProjectState } from '#model';

/** What a decision needs of a project, as of the log's head. */
export type LoadedProject = { info: StreamInfo; state: ProjectState };

type Folded = { state: ProjectState; epoch: string };

/** Once so many events stand after the last snapshot, a load leaves one. */
const snapshotEvery = 200;
const pageSize = 1_000;

/**
 * Loads projects for deciding: the newest snapshot and the events after it. Kept states only shorten the tail: every load
 * reads the log on to its head. Loaded states are shared: do not change them.
 */
@Injectable()
export class ProjectRepository {
  private readonly infos = new LruMap<string, StreamInfo>(10_000);
  private readonly folded = new LruMap<string, Folded>(200);

  constructor(private readonly log: EventLog) {}

  /** The project at the head of its log; null when there is none. @throws LogUnavailable */
  async load(projectId: string): Promise<LoadedProject | null> {
    const info = await this.info(projectId);
    if (!info) return null;
    const epoch = await this.log.epoch();
    const kept = this.folded.get(projectId);
    const from = kept?.epoch === epoch ? kept.state : await this.stored(projectId);
    const state = await this.foldOn(from);
    this.folded.set(projectId, { state, epoch });
    if (state.seq - from.seq >= snapshotEvery) await this.keep(state);
    return { info, state };
  }

  /** Tenant and owner, which never change; null when there is no such project. */
  async info(projectId: string): Promise<StreamInfo | null> {
    const kept = this.infos.get(projectId);
    if (kept) return kept;
    const info = await this.log.info(projectId);
    if (!info || info.kind !== 'project') return null;
    this.infos.set(projectId, info);
    return info;
  }

  /**
   * The project as it was right after `seq`, folded from the log alone; null when it has not come so far. Costs the events up
   * to there: reads of many positions go by rows.
   */
  async at(projectId: string, seq: number): Promise<ProjectState | null> {
    const snapshot = await this.stored(projectId);
    const state = await this.foldOn(snapshot.seq <= seq ? snapshot : initialProject(projectId), seq);
    return state.seq === seq && seq > 0 ? state : null;
  }

  /** The seq that a version names; null when the project has no such version. */
  async seqOfVersion(projectId: string, version: number): Promise<number | null> {
    const entity = await this.log.entity(versionId(projectId, version));
    return entity?.streamId === projectId.toLowerCase() ? entity.seq : null;
  }

  private async stored(projectId: string): Promise<ProjectState> {
    const snapshot = await this.log.snapshot(projectId, projectReducerVersion);
    return (snapshot?.state as ProjectState | undefined) ?? initialProject(projectId.toLowerCase());
  }

  private async foldOn(from: ProjectState, upTo?: number): Promise<ProjectState> {
    let state = from;
    for (;;) {
      const page = await this.log.read(from.id, { after: state.seq, upTo, limit: pageSize });
      if (page.length > 0) state = foldProject(from.id, page, state);
      if (page.length < pageSize) return state;
    }
  }

  /** A cache apart from the log: one that cannot be written now is written by a later load. */
  private async keep(state: ProjectState): Promise<void> {
    const snapshot = { streamId: state.id, seq: state.seq, reducerVersion: projectReducerVersion, state };
    await this.log.saveSnapshot(snapshot).catch(() => undefined);
  }
}
