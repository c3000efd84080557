import { z } from 'zod';
import type { EventMetadata } from '../events.js';

const id = z.guid();
const count = z.number().int().min(0);
const version = z.number().int().min(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Everything that can happen to a project, past tense, one zod schema a type, each in its newest version. Contents are
 * blobs, named by their hash and committed before the event that names them.
 */
export const projectEventSchemas = {
  ProjectCreated: z.object({
    title: z.string(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    /** The tree that it began with: `version` was the newest of that project at `seq`. */
    forkedFrom: z.object({ projectId: id, version: count, seq: version }).optional(),
  }),
  ProjectRenamed: z.object({ title: z.string() }),
  /** `size` in bytes of UTF-8. */
  FileWritten: z.object({ path: z.string(), sha256, size: count }),
  FileDeleted: z.object({ path: z.string() }),
  /** The files as they are now are version 1, 2, 3 …; those of a turn say which, and how it ended. */
  ProjectVersionCommitted: z.object({
    version,
    turnId: id.optional(),
    conversationId: id.optional(),
    conversationSeq: version.optional(),
    outcome: z.enum(['completed', 'failed', 'cancelled', 'interrupted']).optional(),
  }),
  /** Null takes the name away. */
  ProjectVersionNamed: z.object({ version, name: z.string().nullable() }),
  ProjectVersionStarred: z.object({ version, starred: z.boolean() }),
  /** The files became those of `ofVersion` by the events before it, and are `version` now. */
  ProjectVersionRestored: z.object({ ofVersion: version, version }),
} as const;

/** The name of a project's event that this code knows. */
export type ProjectEventType = keyof typeof projectEventSchemas;
/** The data of one type of project event, in its newest version. */
export type ProjectEventData<T extends ProjectEventType> = z.infer<(typeof projectEventSchemas)[T]>;
/** How the turn that made a version ended. */
export type VersionOutcome = NonNullable<ProjectEventData<'ProjectVersionCommitted'>['outcome']>;

/** The version that a new project event of each type is written with. */
export const currentProjectVersions: Record<ProjectEventType, number> = Object.fromEntries(
  Object.keys(projectEventSchemas).map((type) => [type, 1]),
) as Record<ProjectEventType, number>;

/** An event that someone wants to append to a project's stream. */
export type ProjectEvent<T extends ProjectEventType = ProjectEventType> = {
  [K in T]: { type: K; data: ProjectEventData<K>; metadata?: EventMetadata };
}[T];
