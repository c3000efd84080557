import { z } from 'zod';
import { FileRefusal, type FileAnswer, type FilesView, type FileTool } from './file-tool.js';
import { glob, type Glob } from './glob.js';

const input = z.object({
  pattern: z
    .string()
    .min(1)
    .max(255)
    .describe('Such as *.css (anywhere), src/**/*.js, or img/[a-c]*.{png,svg}.'),
  path: z.string().optional().describe('Look in this folder alone. Default: the whole project.'),
});

/** Lists the files whose paths match a pattern, in the order of the paths. */
export class GlobTool implements FileTool<typeof input> {
  readonly name = 'Glob';
  readonly description =
    'Lists the files of the project whose paths match a pattern, one a line. * and ? stay within a folder, ** goes through ' +
    'folders; a pattern without / is matched with file names in any folder.';
  readonly input = input;
  readonly writes = false;

  async run({ pattern, path }: z.infer<typeof input>, files: FilesView): Promise<FileAnswer> {
    const found = pathsIn(files, path).filter(within(pattern, path));
    return { result: found.length > 0 ? found.join('\n') : `No file matches ${pattern}.` };
  }
}

/** The project's paths, or those in a folder (or that of a file). */
export function pathsIn(files: FilesView, folder: string | undefined): string[] {
  const prefix = folderOf(folder);
  return [...files.entries.keys()].filter((path) => path.startsWith(prefix) || `${path}/` === prefix);
}

/** Paths are matched from the folder on; where it is a file, its name. @throws FileRefusal, and so does what it gives */
export function within(pattern: string, folder: string | undefined): Glob {
  const { length } = folderOf(folder);
  const matches = refusing(() => glob(pattern));
  return (path) => {
    const from = path.length < length ? path.lastIndexOf('/') + 1 : length;
    return refusing(() => matches(path.slice(from)));
  };
}

/** A pattern that is none, or costs too much, is Claude's to mend. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new FileRefusal('input_invalid', `pattern: ${error.message}`);
    throw error;
  }
}

function folderOf(folder = ''): string {
  // The look-behind begins a run once: from each of its slashes, a long one would be looked through again.
  const plain = folder.replace(/^(\.?\/)+|^\.$/, '').replace(/(?<!\/)\/+$/, '');
  return plain === '' ? '' : `${plain}/`;
}
