export * from './commands.js';
export * from './compile.js';
export { decideProject } from './decide.js';
export { requireFits } from './decide-files.js';
export * from './events.js';
export { evolveProject, foldProject, readProjectEvent } from './evolve.js';
export {
  MAX_FILE_BYTES,
  MAX_FILES,
  MAX_PATH_BYTES,
  MAX_PROJECT_BYTES,
  pathClash,
  pathProblem,
  utf8Length,
} from './paths.js';
export { projectReducerVersion } from './reducer-version.js';
export * from './state.js';
export { versionId } from './version-id.js';
