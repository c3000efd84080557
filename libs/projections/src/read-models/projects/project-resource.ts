import type { Project, ProjectFiles, ProjectSummary, ProjectVersion, WholeProjectVersion } from '#contracts';
import { compile } from '#model';
import type { ProjectFields } from './project.row.js';
import type { VersionFields } from './version.row.js';

/** `views` are shown by reads of what is now; a read as of a seq is the same at every later time, so it has none. */
export function projectSummary(id: string, fields: ProjectFields, views?: number): ProjectSummary {
  const { title, metadata, version, forkedFrom, createdAt, updatedAt } = fields;
  return {
    id,
    title,
    metadata: { ...metadata, ...(views !== undefined && { views }) },
    version,
    ...(forkedFrom && { forkedFrom: { projectId: forkedFrom.projectId, version: forkedFrom.version } }),
    createdAt,
    updatedAt,
  };
}

/** The page is a function of the files, so it is as old as they are. */
export function projectResource(
  id: string,
  fields: ProjectFields,
  files: ProjectFiles,
  views?: number,
): Project {
  const page = compile(files);
  return { ...projectSummary(id, fields, views), files, ...page, compiledAt: fields.updatedAt };
}

export function versionResource(projectId: string, fields: VersionFields): ProjectVersion {
  const { version, seq, name, starred, createdAt } = fields;
  const { turnId, conversationId, conversationSeq, outcome, restoredFrom } = fields;
  return {
    projectId,
    version,
    seq,
    ...(name !== null && { name }),
    starred,
    ...(turnId !== null && { turnId }),
    ...(conversationId !== null && { conversationId }),
    ...(conversationSeq !== null && { conversationSeq }),
    ...(outcome !== null && { outcome }),
    ...(restoredFrom !== null && { restoredFrom }),
    createdAt,
  };
}

export function wholeVersionResource(
  projectId: string,
  fields: VersionFields,
  title: string,
  files: ProjectFiles,
): WholeProjectVersion {
  return { ...versionResource(projectId, fields), title, files, ...compile(files) };
}
