import type { Principal } from '#conversations';
import { EventLog } from '#event-log';
import { decideProject, initialProject, type NewFiles, utf8Length } from '#model';
import { projectPart, ProjectFiles } from '#projects';
import type { Session } from '../session/session.js';
import { LOL } from './import-mark.js';
import { type LolProject, type LolRow, projectOf } from './lol-rows.js';

export type ProjectOutcome = 'added' | 'unchanged' | { reason: string };

/** Projects of the LOL app: the files that it has now are their first version. */
export class LolProjects {
  private readonly log: EventLog;
  private readonly files: ProjectFiles;
  /** In a dry run: what would be there. */
  private readonly wouldBe = new Set<string>();

  constructor(
    session: Session,
    private readonly options: { principal: Principal; dryRun: boolean },
  ) {
    this.log = session.get(EventLog);
    this.files = session.get(ProjectFiles);
  }

  /** @throws RowRefused, DomainRefusal for files that a project may not have, LogUnavailable */
  async take(row: LolRow): Promise<ProjectOutcome> {
    const { id, title, files, metadata, at, sha256 } = projectOf(row);
    const [first] = await this.log.read(id, { limit: 1 });
    if (first) {
      if (first.metadata.importedFrom !== LOL) return { reason: 'there is something else of this id here' };
      if (first.metadata.sha256 === sha256) return 'unchanged';
      return { reason: 'its title or files have changed in LOL since it was imported' };
    }
    const { principal, dryRun } = this.options;
    const { tenantId, userId } = principal;
    const state = initialProject(id);
    const stored = dryRun ? sized(files) : await this.files.store(tenantId, files);
    const decision = decideProject(state, { type: 'createProject', title, files: stored, metadata });
    this.wouldBe.add(id);
    if (dryRun) return 'added';
    const part = projectPart({ tenantId, ownerId: userId, state }, decision, { userId })!;
    const [created, ...others] = part.append.events;
    const mark = { importedFrom: LOL, originalAt: at, sha256 };
    const events = [{ ...created!, metadata: { ...created!.metadata, ...mark } }, ...others];
    await this.log.append({ appends: [{ ...part.append, events }], entities: part.entities });
    return 'added';
  }

  /** Where the project stands; null: it is not there. */
  async place(projectId: string): Promise<{ projectId: string; projectSeq: number } | null> {
    const info = await this.log.info(projectId);
    if (info?.kind === 'project') return { projectId, projectSeq: await this.log.head(projectId) };
    return this.options.dryRun && this.wouldBe.has(projectId) ? { projectId, projectSeq: 1 } : null;
  }
}

/** Enough to decide whether a project may have them, and nothing is stored. */
function sized(files: LolProject['files']): NewFiles {
  return Object.fromEntries(
    Object.entries(files).map(([path, { content }]) => [path, { sha256: '', size: utf8Length(content) }]),
  );
}
