import { z } from 'zod';
import { FileRefusal, type FileAnswer, type FilesView, type FileTool } from './file-tool.js';
import { absent } from './known-file.js';

const input = z.object({
  file_path: z.string().describe('The file, as a path within the project, such as css/site.css.'),
  offset: z.number().int().min(1).optional().describe('The first line to read; the first is 1.'),
  limit: z.number().int().min(1).optional().describe('How many lines to read. Default: all.'),
});

/** Gives a file's lines with their numbers, as `cat -n` does. */
export class ReadTool implements FileTool<typeof input> {
  readonly name = 'Read';
  readonly description =
    'Reads a file of the project. Each line comes with its number and a tab before it, which are not part of the file.';
  readonly input = input;
  readonly writes = false;

  async run({ file_path, offset = 1, limit }: z.infer<typeof input>, files: FilesView): Promise<FileAnswer> {
    const content = (await files.contents([file_path])).get(file_path) ?? absent(file_path);
    const read = [file_path];
    if (content === '') return { result: `${file_path} is empty.`, read };
    const lines = linesOf(content);
    if (offset > lines.length) {
      throw new FileRefusal('input_invalid', `${file_path} has ${lines.length} lines, not ${offset}.`);
    }
    const end = limit === undefined ? lines.length : Math.min(offset - 1 + limit, lines.length);
    const numbered = lines
      .slice(offset - 1, end)
      .map((line, index) => `${String(offset + index).padStart(6)}\t${line}`);
    const rest = end < lines.length ? [`(${lines.length - end} more lines)`] : [];
    return { result: [...numbered, ...rest].join('\n'), read };
  }
}

/** A newline ends a line: behind the last one there is no other. */
export function linesOf(content: string): string[] {
  const lines = content.split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}
