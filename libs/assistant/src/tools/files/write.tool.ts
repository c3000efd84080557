import { z } from 'zod';
import type { FileAnswer, FilesView, FileTool } from './file-tool.js';
import { requireKnown } from './known-file.js';

const input = z.object({
  file_path: z.string().describe('The file, as a path within the project, such as css/site.css.'),
  content: z.string().describe('All of the file.'),
});

/** Makes a file, or replaces one that this turn has read. */
export class WriteTool implements FileTool<typeof input> {
  readonly name = 'Write';
  readonly description =
    'Writes a whole file of the project: a new one, or in place of one that you have read in this turn. ' +
    'To change part of a file, use Edit.';
  readonly input = input;
  readonly writes = true;

  async run({ file_path, content }: z.infer<typeof input>, files: FilesView): Promise<FileAnswer> {
    const before = requireKnown(files, file_path, 'written');
    const size = Buffer.byteLength(content);
    const result = `${before === null ? 'Created' : 'Updated'} ${file_path} (${size} bytes).`;
    return { result, read: [file_path], changes: [{ path: file_path, content }] };
  }
}
