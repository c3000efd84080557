import type { Principal } from '#commands';
import type { AppendUnit, StreamAppend } from '#event-log';
import type { EventMetadata } from '#model';

/** The tree that a conversation was at: of which project, and where in its log; `seq` null: as it was at the time `at`. */
export type ProjectPlace = { projectId: string; seq: number | null; at: string };

/** The part of a unit that makes a new project of an old one's tree. `seqTo`: its last seq then. */
export type ForkedProject = {
  append: StreamAppend;
  entities: NonNullable<AppendUnit['entities']>;
  seqTo: number;
};

/** Makes copies of projects. Projects are not this library's: the app that has both provides it. */
export interface ForkedProjects {
  /** Null: the principal has no such project, or it was not there yet. */
  part(
    principal: Principal,
    place: ProjectPlace,
    newId: string,
    metadata: EventMetadata,
  ): Promise<ForkedProject | null>;
}

/** The token of `ForkedProjects`; without a provider a fork with its project is refused. */
export const FORKED_PROJECTS = Symbol('FORKED_PROJECTS');
