import { z } from 'zod';
import { MAX_FILE_BYTES } from '#model';
import { FileRefusal, type FileAnswer, type FilesView, type FileTool } from './file-tool.js';
import { absent, requireKnown } from './known-file.js';

const input = z.object({
  file_path: z.string().describe('The file, as a path within the project, such as css/site.css.'),
  old_string: z.string().describe('The text to replace, exactly as it stands in the file, and only once.'),
  new_string: z.string().describe('The text to put in its place.'),
  replace_all: z.boolean().optional().describe('Replace every occurrence of old_string. Default: false.'),
});

/** Replaces text in a file that this turn has read. */
export class EditTool implements FileTool<typeof input> {
  readonly name = 'Edit';
  readonly description =
    'Replaces text in a file of the project that you have read in this turn. old_string must stand in the file exactly ' +
    'once, white space and line ends included, unless replace_all is true.';
  readonly input = input;
  readonly writes = true;

  async run(call: z.infer<typeof input>, files: FilesView): Promise<FileAnswer> {
    const { file_path, old_string, new_string, replace_all = false } = call;
    refuseEmptyEdit(old_string, new_string);
    if (requireKnown(files, file_path, 'edited') === null) absent(file_path);
    const before = (await files.contents([file_path])).get(file_path) ?? absent(file_path);
    const parts = before.split(old_string);
    const count = parts.length - 1;
    if (count === 0) {
      throw new FileRefusal(
        'no_match',
        `old_string is absent: it does not stand in ${file_path}. Nothing was edited.`,
      );
    }
    if (count > 1 && !replace_all) {
      throw new FileRefusal(
        'no_match',
        `old_string is not unique: it stands ${count} times in ${file_path}. Nothing was edited. ` +
          'Give more of the text around it, or set replace_all.',
      );
    }
    refuseTooLarge(file_path, before.length + count * (new_string.length - old_string.length));
    return {
      result: `Edited ${file_path}: ${count} ${count === 1 ? 'replacement' : 'replacements'}.`,
      read: [file_path],
      changes: [{ path: file_path, content: parts.join(new_string) }],
    };
  }
}

/** Counted before it is made: a few bytes put in the place of each of a million would fill the memory. */
function refuseTooLarge(path: string, length: number): void {
  if (length <= MAX_FILE_BYTES) return;
  throw new FileRefusal(
    'file_too_large',
    `${path} would have more than ${MAX_FILE_BYTES} bytes. Nothing was edited.`,
  );
}

function refuseEmptyEdit(oldString: string, newString: string): void {
  if (oldString === '') throw new FileRefusal('input_invalid', 'old_string must not be empty.');
  if (oldString === newString)
    throw new FileRefusal(
      'input_invalid',
      'old_string and new_string are the same: there is nothing to edit.',
    );
}
