import { z } from 'zod';
import type { FileAnswer, FilesView, FileTool } from './file-tool.js';
import { pathsIn, within } from './glob.tool.js';
import { searchText, type SearchHit } from './search-text.js';

const input = z.object({
  pattern: z.string().min(1).max(1_000).describe('A JavaScript regular expression, matched line by line.'),
  path: z.string().optional().describe('Look in this file or folder alone. Default: the whole project.'),
  glob: z.string().min(1).max(255).optional().describe('Look in files that match this alone, such as *.js.'),
  ignore_case: z.boolean().optional(),
  context: z.number().int().min(0).max(10).optional().describe('Lines to show around each match.'),
  output_mode: z.enum(['content', 'files_with_matches', 'count']).optional().describe('Default: content.'),
});

/** Lines shown, those around the matches among them. */
const mostLines = 1_000;
/** Of a line; minified files have endless ones. */
const mostCharacters = 400;

/** Finds the lines of the project's files that match a regular expression, as `grep -n` does. */
export class GrepTool implements FileTool<typeof input> {
  readonly name = 'Grep';
  readonly description =
    'Searches the files of the project for lines that match a regular expression. Gives path:line:text, or paths alone, or counts.';
  readonly input = input;
  readonly writes = false;

  async run(call: z.infer<typeof input>, files: FilesView, signal: AbortSignal): Promise<FileAnswer> {
    const { pattern, path, glob, ignore_case = false, context = 0, output_mode = 'content' } = call;
    const all = pathsIn(files, path);
    const paths = glob === undefined ? all : all.filter(within(glob, path));
    const contents = await files.contents(paths);
    const request = { source: pattern, flags: ignore_case ? 'iu' : 'u', files: [...contents] };
    const hits = await searchText(request, signal);
    if (hits.length === 0) return { result: `No line matches ${pattern}.` };
    switch (output_mode) {
      case 'content':
        return { result: shown(hits, contents, context) };
      case 'files_with_matches':
        return { result: hits.map(({ path: found }) => found).join('\n') };
      case 'count':
        return { result: hits.map(({ path: found, count }) => `${found}:${count}`).join('\n') };
      default:
        return output_mode satisfies never;
    }
  }
}

function shown(hits: readonly SearchHit[], contents: ReadonlyMap<string, string>, context: number): string {
  const all: string[] = [];
  let matches = 0;
  for (const { path, lines } of hits) {
    const around = numbersAround(lines, context).slice(0, mostLines - all.length);
    if (around.length === 0) break;
    const matched = new Set(lines);
    const text = contents.get(path)!.split('\n', around.at(-1)! + 1);
    for (const number of around) {
      // The last number may be behind the last line.
      if (number >= text.length) continue;
      const mark = matched.has(number) ? ':' : '-';
      if (mark === ':') matches += 1;
      all.push(`${path}${mark}${number + 1}${mark}${cut(text[number]!)}`);
    }
  }
  const more = hits.reduce((sum, { count }) => sum + count, 0) - matches;
  return more === 0 ? all.join('\n') : [...all, `(${more} more matching lines)`].join('\n');
}

function numbersAround(lines: readonly number[], context: number): number[] {
  const around = new Set<number>();
  for (const number of lines) {
    for (let near = Math.max(0, number - context); near <= number + context; near += 1) around.add(near);
  }
  return [...around].toSorted((a, b) => a - b);
}

function cut(line: string): string {
  return line.length <= mostCharacters
    ? line
    : `${line.slice(0, mostCharacters)}… (${line.length} characters)`;
}
