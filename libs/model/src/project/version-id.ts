import { deriveId } from '../ids.js';

/** The id that a project's version has among the log's entities: it leads to the version's seq. */
export function versionId(projectId: string, version: number): string {
  return deriveId(projectId.toLowerCase(), `version ${version}`);
}
