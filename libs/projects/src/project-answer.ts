import type { StoredCommand } from '#event-log';

/** The outcome of a project command that was accepted; equal for every repeat but for `replayed`. */
export type ProjectAnswer = {
  /** The HTTP status. */
  status: number;
  projectId: string;
  /** The version that it made, named or brought back; null when it is about none. */
  version: number | null;
  /** Of the first event that it appended; null when it changed nothing. */
  seqFrom: number | null;
  /** Of its last event: render the project as of it. Where it changed nothing, the position that it was decided at. */
  seqTo: number;
  /** It was answered before, and changed nothing now. */
  replayed: boolean;
};

/** What is kept of an answer beside its positions. */
export type ProjectResult = Pick<ProjectAnswer, 'status' | 'projectId' | 'version'>;

/** The first answer again. */
export function replayProject({ result, seqFrom, seqTo }: StoredCommand): ProjectAnswer {
  return { ...(result as ProjectResult), seqFrom, seqTo, replayed: true };
}
