import { z } from 'zod';
import type { FileAnswer, FilesView, FileTool } from './file-tool.js';
import { absent, requireKnown } from './known-file.js';

const input = z.object({
  file_path: z.string().describe('The file, as a path within the project, such as css/site.css.'),
});

/** Takes a file that this turn has read out of the project; its earlier versions keep it. */
export class DeleteTool implements FileTool<typeof input> {
  readonly name = 'Delete';
  readonly description = 'Deletes a file of the project that you have read in this turn.';
  readonly input = input;
  readonly writes = true;

  async run({ file_path }: z.infer<typeof input>, files: FilesView): Promise<FileAnswer> {
    if (requireKnown(files, file_path, 'deleted') === null) absent(file_path);
    return { result: `Deleted ${file_path}.`, changes: [{ path: file_path, content: null }] };
  }
}
