import type { ChangedFile } from './diff-files.js';

/** The changes as one patch in git's format: `git apply` takes it. Empty where nothing changed. */
export function unifiedDiff(files: readonly ChangedFile[]): string {
  return files.map(unifiedFile).join('');
}

function unifiedFile({ path, oldPath = path, status, similarity, hunks }: ChangedFile): string {
  const [before, after] = [`a/${oldPath}`, `b/${path}`];
  const header = [`diff --git ${quoted(before)} ${quoted(after)}`];
  if (status === 'added') header.push('new file mode 100644');
  if (status === 'deleted') header.push('deleted file mode 100644');
  if (status === 'renamed') {
    header.push(`similarity index ${Math.floor((similarity ?? 0) * 100)}%`);
    header.push(`rename from ${quoted(oldPath)}`, `rename to ${quoted(path)}`);
  }
  if (hunks.length > 0) {
    header.push(`--- ${status === 'added' ? '/dev/null' : named(before)}`);
    header.push(`+++ ${status === 'deleted' ? '/dev/null' : named(after)}`);
  }
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: changed }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...changed,
  ]);
  return `${[...header, ...lines].join('\n')}\n`;
}

/** A quote in a name would end it. */
function quoted(path: string): string {
  return path.includes('"') ? `"${path.replaceAll('"', '\\"')}"` : path;
}

/** After a name with spaces a tab says where it ends. */
function named(path: string): string {
  return path.includes(' ') ? `${quoted(path)}\t` : quoted(path);
}
