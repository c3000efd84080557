import { Injectable } from '@nestjs/common';
import { can, type Principal } from '#commands';
import { EventLog } from '#event-log';

/** Looks where a project is, for the event that ties a conversation to it. */
@Injectable()
export class ProjectPlaces {
  constructor(private readonly log: EventLog) {}

  /** The project's newest seq; undefined where there is no such project, or it is not the principal's. @throws LogUnavailable */
  async seqOf(principal: Principal, projectId: string | null | undefined): Promise<number | undefined> {
    if (projectId == null) return undefined;
    const info = await this.log.info(projectId);
    if (info?.kind !== 'project' || !can(principal, 'read', { ...info, kind: 'stream' })) return undefined;
    return this.log.head(projectId);
  }
}
