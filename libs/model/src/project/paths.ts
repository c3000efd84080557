/** Longest path, in bytes of UTF-8. */
export const MAX_PATH_BYTES = 255;
/** Largest file, in bytes of UTF-8. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** Most files of a project. */
export const MAX_FILES = 500;
/** All files of a project together, in bytes of UTF-8. */
export const MAX_PROJECT_BYTES = 20 * 1024 * 1024;

/** Bytes that a text takes in UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Why a file cannot be called so, in words that go on after the path; null when it can. A good path is relative and in its
 * one normal form, so that one file has one name everywhere: in the log, in a zip, on a disk.
 */
export function pathProblem(path: string): string | null {
  if (path === '') return 'must not be empty';
  if (/\p{Surrogate}/u.test(path)) return 'must not contain half a surrogate pair';
  if (utf8Length(path) > MAX_PATH_BYTES) return `must be at most ${MAX_PATH_BYTES} bytes long`;
  if (/\p{Cc}/u.test(path)) return 'must not contain control characters';
  if (path.startsWith('/')) return 'must be relative: it must not begin with "/"';
  if (path.includes('\\')) return 'must not contain "\\": folders are divided by "/"';
  if (/^[a-z]:/i.test(path)) return 'must be relative: it must not begin with a drive';
  const parts = path.split('/');
  if (parts.includes('')) return 'must not contain an empty part ("//" or "/" at its end)';
  if (parts.includes('..')) return 'must not contain ".."';
  if (parts.includes('.')) return 'must not contain "."';
  if (parts.includes('__proto__')) return 'must not contain "__proto__"';
  if (path !== path.normalize('NFC')) return 'must be in Unicode normal form NFC';
  return null;
}

/** The folders above a path, nearest last: `a/b/c` gives `a`, `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

/** Two of the paths of which one would be a file and a folder at once; null when there are none. */
export function pathClash(paths: Iterable<string>): { file: string; below: string } | null {
  const all = new Set(paths);
  for (const below of all) {
    const file = foldersOf(below).find((folder) => all.has(folder));
    if (file !== undefined) return { file, below };
  }
  return null;
}
