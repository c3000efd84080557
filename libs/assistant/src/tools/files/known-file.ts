import { FileRefusal, type FilesView } from './file-tool.js';

/**
 * The file at the path, which this turn has read and nobody changed since; null for a path that nobody uses.
 * @throws FileRefusal
 */
export function requireKnown(files: FilesView, path: string, verb: string): { sha256: string } | null {
  const entry = files.entries.get(path) ?? null;
  const seen = files.seen.get(path);
  if (entry === null) {
    if (seen === undefined) return null;
    // Forgotten with this answer: whoever writes it now knows that it makes a new file.
    throw new FileRefusal(
      'file_changed',
      `${path} was deleted since it was read. It was not ${verb}. Write it again to make it anew.`,
      path,
    );
  }
  if (seen === undefined) {
    throw new FileRefusal(
      'file_not_read',
      `${path} exists, and has not been read in this turn. It was not ${verb}. Read it first.`,
    );
  }
  if (seen !== entry.sha256) {
    throw new FileRefusal(
      'file_changed',
      `${path} has changed since it was read: someone else wrote it. It was not ${verb}. Read it again.`,
    );
  }
  return entry;
}

/** @throws FileRefusal */
export function absent(path: string): never {
  throw new FileRefusal('file_not_found', `There is no file ${path} in the project.`, path);
}
