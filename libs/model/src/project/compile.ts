import type { FileType } from '#contracts';

/** No plain object: a file may be called `a.constructor`. */
const types: ReadonlyMap<string, FileType> = new Map([
  ['css', 'css'],
  ['js', 'javascript'],
]);

/** What a file counts as, by its extension; other extensions than `.css` and `.js` count as html. */
export function fileType(path: string): FileType {
  return types.get(/\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '') ?? 'html';
}

/** By UTF-16 unit, as everywhere where files have an order. */
export function byPath(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const headEnd = /<\/head>/i;
const bodyEnd = /<\/body>/gi;

/** The page that the files make together. */
export type CompiledPage = { compiled: string; compileError?: string };

/**
 * One HTML page out of a project's files: the entry (`index.html`, else the first `.html`) with all styles in a `<style>` before
 * `</head>` (at the front if there is none) and all scripts in a `<script>` before `</body>` (at the end if there is none),
 * files in name order, contents as they are. Without an HTML file there is no page, and `compileError` says so.
 */
export function compile(files: Record<string, { content: string }>): CompiledPage {
  const paths = Object.keys(files).toSorted(byPath);
  const pages = paths.filter((path) => path.toLowerCase().endsWith('.html'));
  const entry = pages.includes('index.html') ? 'index.html' : pages[0];
  if (entry === undefined) return { compiled: '', compileError: 'The project has no HTML file.' };
  const contents = (type: FileType) =>
    paths.filter((path) => fileType(path) === type).map((path) => files[path]!.content);
  const [styles, scripts] = [contents('css'), contents('javascript')];
  let page = files[entry]!.content;
  if (styles.length > 0)
    page = insert(page, `<style>${styles.join('\n')}</style>`, page.search(headEnd), 'front');
  if (scripts.length > 0)
    page = insert(page, `<script>${scripts.join(';\n')}</script>`, lastBodyEnd(page), 'end');
  return { compiled: page };
}

/**
 * The last one: an earlier one stands in a script or a comment; -1 without one. By walking: a pattern that looks ahead for a later
 * one took 32 s of a page of 1 MiB (measured).
 */
function lastBodyEnd(page: string): number {
  let last = -1;
  for (const { index } of page.matchAll(bodyEnd)) last = index;
  return last;
}

/** By position, not by a replacing text: a script may hold `$&`. */
function insert(page: string, element: string, at: number, otherwise: 'front' | 'end'): string {
  if (at !== -1) return page.slice(0, at) + element + page.slice(at);
  return otherwise === 'front' ? element + page : page + element;
}
