import { DomainRefusal } from '#model';

/** Absent, or not the principal's: both look the same from outside. */
export function projectNotFound(id: string): DomainRefusal {
  return new DomainRefusal('not_found', 404, `no project ${id}`);
}

/** The project changed faster than the command could be decided, for longer than a caller waits. Nothing was written. */
export function projectBusy(id: string): DomainRefusal {
  return new DomainRefusal('project_busy', 503, `project ${id} is being written to too fast: try again`);
}
