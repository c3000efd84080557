import type { TurnVersions } from '#conversations';
import { LogUnavailable, type BlobStore, type EventLog } from '#event-log';
import type { ProjectRepository } from '#projects';
import { unavailable } from './log-reads.js';

/** What a running turn reads and stores of its project. All of it fails with `LogUnavailable` alone: it can be tried again. */
export type ProjectPorts = {
  read: EventLog['read'];
  load: ProjectRepository['load'];
  put: BlobStore['put'];
  getMany: BlobStore['getMany'];
  complete: TurnVersions['complete'];
};

const patient =
  <A extends unknown[], R>(what: string, work: (...args: A) => Promise<R>) =>
  (...args: A): Promise<R> =>
    work(...args).catch((error: unknown) => {
      throw error instanceof LogUnavailable ? error : unavailable(what, error);
    });

export function projectPorts(
  log: EventLog,
  projects: ProjectRepository,
  blobs: BlobStore,
  versions: TurnVersions,
): ProjectPorts {
  return {
    read: patient('the project could not be read', (...args) => log.read(...args)),
    load: patient('the project could not be read', (id) => projects.load(id)),
    put: patient('a file could not be stored', (...args) => blobs.put(...args)),
    getMany: patient('the files could not be read', (...args) => blobs.getMany(...args)),
    complete: patient('the project could not be read', (...args) => versions.complete(...args)),
  };
}
