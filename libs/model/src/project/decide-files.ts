import { DomainRefusal } from '../refusal.js';
import type { NewFile, NewFiles } from './commands.js';
import { byPath } from './compile.js';
import { MAX_FILE_BYTES, MAX_FILES, MAX_PROJECT_BYTES, pathClash, pathProblem } from './paths.js';
import { fileAt, type ProjectState } from './state.js';

/** @throws DomainRefusal `invalid_path` */
export function requirePath(path: string, field: string): void {
  const problem = pathProblem(path);
  if (problem) throw new DomainRefusal('invalid_path', 400, `${shown(path)} ${problem}`, field);
}

/**
 * The files may be a project's. `field` is where they came from: of a file of the set `files` it is `files.<path>`.
 * @throws DomainRefusal `invalid_path`, `path_clash`, `file_too_large`, `too_many_files`, `project_too_large`
 */
export function requireFits(files: NewFiles, field: 'files' | 'path'): void {
  const entries = Object.entries(files);
  const fieldOf = (path: string) => (field === 'files' ? `files.${path}` : field);
  for (const [path, { size }] of entries) {
    requirePath(path, fieldOf(path));
    if (size > MAX_FILE_BYTES) {
      const message = `${path} has ${size} bytes; a file may have at most ${MAX_FILE_BYTES}.`;
      throw new DomainRefusal('file_too_large', 400, message, fieldOf(path));
    }
  }
  if (entries.length > MAX_FILES) {
    const message = `A project may have at most ${MAX_FILES} files; these are ${entries.length}.`;
    throw new DomainRefusal('too_many_files', 400, message, field);
  }
  const bytes = entries.reduce((sum, [, { size }]) => sum + size, 0);
  if (bytes > MAX_PROJECT_BYTES) {
    const message = `The files of a project may have at most ${MAX_PROJECT_BYTES} bytes together; these have ${bytes}.`;
    throw new DomainRefusal('project_too_large', 400, message, field);
  }
  const clash = pathClash(entries.map(([path]) => path));
  if (clash) {
    const message = `${clash.file} cannot be a file and, for ${clash.below}, a folder.`;
    throw new DomainRefusal('path_clash', 400, message, fieldOf(clash.below));
  }
}

/** What leads from the working tree to these files, in path order. */
export function changesTo(
  state: ProjectState,
  files: NewFiles,
): { written: [string, NewFile][]; deleted: string[] } {
  const written = Object.entries(files).filter(
    ([path, { sha256 }]) => fileAt(state, path)?.sha256 !== sha256,
  );
  const deleted = Object.keys(state.files).filter((path) => !Object.hasOwn(files, path));
  return { written: written.toSorted(([a], [b]) => byPath(a, b)), deleted: deleted.toSorted(byPath) };
}

/** Long or strange paths are shown cut and quoted. */
function shown(path: string): string {
  return JSON.stringify(path.length > 100 ? `${path.slice(0, 100)}…` : path);
}
