import { createHash } from 'node:crypto';
import { DeleteTool } from './delete.tool.js';
import { EditTool } from './edit.tool.js';
import { FileRefusal, type FileAnswer, type FilesView } from './file-tool.js';
import { GlobTool } from './glob.tool.js';
import { GrepTool } from './grep.tool.js';
import { ReadTool } from './read.tool.js';
import { searchText } from './search-text.js';
import { WriteTool } from './write.tool.js';

const hash = (content: string): string => createHash('sha256').update(content).digest('hex');

/** A project of these files; `seen` is what the turn knows of them, by default what they hold. */
function viewOf(files: Record<string, string>, seen: Record<string, string> = files): FilesView {
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    entries: new Map(sorted.map(([path, text]) => [path, { sha256: hash(text), size: text.length }])),
    seen: new Map(Object.entries(seen).map(([path, text]) => [path, hash(text)])),
    contents: (paths) =>
      Promise.resolve(new Map(paths.flatMap((path) => (path in files ? [[path, files[path]!]] : [])))),
  };
}
const { signal } = new AbortController();
const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ name: 'FileRefusal', code, message: expect.stringMatching(message) });

const read = (files: Record<string, string>, file_path: string, more = {}): Promise<FileAnswer> =>
  new ReadTool().run({ file_path, ...more }, viewOf(files));
const write = (files: FilesView): Promise<FileAnswer> =>
  new WriteTool().run({ file_path: 'a', content: 'new' }, files);
const edit = (content: string, more: object, seen?: Record<string, string>): Promise<FileAnswer> =>
  new EditTool().run(
    { file_path: 'a', old_string: 'x', new_string: 'y', ...more },
    viewOf({ a: content }, seen),
  );
const remove = (files: FilesView): Promise<FileAnswer> => new DeleteTool().run({ file_path: 'a' }, files);

describe('Read', () => {
  it('gives numbered lines, all or some, and says how many are left', async () => {
    const files = { 'a.txt': 'one\ntwo\nthree\n' };
    expect(await read(files, 'a.txt')).toEqual({
      result: '     1\tone\n     2\ttwo\n     3\tthree',
      read: ['a.txt'],
    });
    expect((await read(files, 'a.txt', { offset: 2, limit: 1 })).result).toBe('     2\ttwo\n(1 more lines)');
    expect((await read({ e: '' }, 'e')).result).toBe('e is empty.');
  });

  it('refuses what is not there', async () => {
    await expect(read({}, 'a.txt')).rejects.toEqual(refusal('file_not_found', /no file a\.txt/));
    await expect(read({ a: 'x' }, 'a', { offset: 2 })).rejects.toEqual(
      refusal('input_invalid', /1 lines, not 2/),
    );
  });
});

describe('Write', () => {
  it('makes a file that nobody has, and replaces one that was read', async () => {
    const changes = [{ path: 'a', content: 'new' }];
    expect(await write(viewOf({}))).toEqual({ result: 'Created a (3 bytes).', read: ['a'], changes });
    expect(await write(viewOf({ a: 'old' }))).toMatchObject({ result: 'Updated a (3 bytes).', changes });
  });

  it('refuses a file that was not read, that changed since, or that was deleted since', async () => {
    await expect(write(viewOf({ a: 'old' }, {}))).rejects.toEqual(
      refusal('file_not_read', /^a .*Read it first/),
    );
    await expect(write(viewOf({ a: 'other' }, { a: 'old' }))).rejects.toEqual(
      refusal('file_changed', /^a has changed since it was read.*Read it again/),
    );
    await expect(write(viewOf({}, { a: 'old' }))).rejects.toMatchObject({
      code: 'file_changed',
      forget: 'a',
    });
  });
});

describe('Edit', () => {
  it('replaces the one place, or all, literally', async () => {
    expect((await edit('axb', {})).changes).toEqual([{ path: 'a', content: 'ayb' }]);
    expect((await edit('axbx', { replace_all: true })).changes).toEqual([{ path: 'a', content: 'ayby' }]);
    expect((await edit('a.x', { old_string: '.', new_string: "$&$'" })).changes).toEqual([
      { path: 'a', content: "a$&$'x" },
    ]);
  });

  it('says which: absent or not unique', async () => {
    await expect(edit('abc', {})).rejects.toEqual(refusal('no_match', /old_string is absent.* in a/));
    await expect(edit('xx', {})).rejects.toEqual(refusal('no_match', /not unique: it stands 2 times in a/));
  });

  it('refuses edits of nothing, of files that are not there, not read or changed since', async () => {
    await expect(edit('x', { old_string: '' })).rejects.toEqual(refusal('input_invalid', /empty/));
    await expect(edit('x', { new_string: 'x' })).rejects.toEqual(refusal('input_invalid', /same/));
    await expect(edit('x', {}, {})).rejects.toEqual(refusal('file_not_read', /Read it first/));
    await expect(edit('x', {}, { a: 'z' })).rejects.toEqual(refusal('file_changed', /Read it again/));
    await expect(edit('x', { file_path: 'b' })).rejects.toEqual(refusal('file_not_found', /no file b/));
  });
});

it('Delete takes away a file that was read, and refuses any other', async () => {
  expect(await remove(viewOf({ a: 'x' }))).toEqual({
    result: 'Deleted a.',
    changes: [{ path: 'a', content: null }],
  });
  await expect(remove(viewOf({ a: 'x' }, {}))).rejects.toEqual(refusal('file_not_read', /Read it first/));
  await expect(remove(viewOf({}))).rejects.toEqual(refusal('file_not_found', /no file a/));
});

it('Glob lists matching paths in order, in a folder or everywhere', async () => {
  const files = viewOf({ 'b.css': '', 'a/c.css': '', 'a/d.js': '' });
  const run = async (pattern: string, path?: string): Promise<string> =>
    (await new GlobTool().run({ pattern, path }, files)).result;
  expect(await run('*.css')).toBe('a/c.css\nb.css');
  expect(await run('*.css', './a/')).toBe('a/c.css');
  expect(await run('*.html')).toBe('No file matches *.html.');
  await expect(run('{a,b}'.repeat(9))).rejects.toEqual(refusal('input_invalid', /at most 64/));
});

describe('Grep', () => {
  const files = viewOf({ 'a.js': 'let Fox = 1;\nnothing\nfox()', 'b/c.css': '.fox {}' });
  const grep = async (more: object): Promise<string> =>
    (await new GrepTool().run({ pattern: 'fox', ...more }, files, signal)).result;

  it('gives places, paths or counts', async () => {
    expect(await grep({})).toBe('a.js:3:fox()\nb/c.css:1:.fox {}');
    expect(await grep({ ignore_case: true, output_mode: 'count' })).toBe('a.js:2\nb/c.css:1');
    expect(await grep({ output_mode: 'files_with_matches', glob: '*.css' })).toBe('b/c.css');
    expect(await grep({ path: 'a.js', context: 1 })).toBe('a.js-2-nothing\na.js:3:fox()');
    expect(await grep({ pattern: 'hen' })).toBe('No line matches hen.');
  });

  it('counts every match, and shows the first alone', async () => {
    const many = viewOf({ 'a.txt': 'x\n'.repeat(700), 'b.txt': 'x\ny\n'.repeat(700), 'c.txt': 'x' });
    const run = async (more: object): Promise<string> =>
      (await new GrepTool().run({ pattern: 'x', ...more }, many, signal)).result;
    const lines = (await run({})).split('\n');
    expect(lines).toHaveLength(1_001);
    expect(lines.slice(698, 702)).toEqual(['a.txt:699:x', 'a.txt:700:x', 'b.txt:1:x', 'b.txt:3:x']);
    expect(lines.at(-1)).toBe('(401 more matching lines)');
    expect((await run({ context: 1, path: 'b.txt' })).split('\n').slice(-2)).toEqual([
      'b.txt-1000-y',
      '(200 more matching lines)',
    ]);
    expect(await run({ output_mode: 'count' })).toBe('a.txt:700\nb.txt:700\nc.txt:1');
    // What the thread tells of a million matches is no larger.
    const request = { source: '', flags: 'u', files: [['a', '\n'.repeat(1_000_000)] as [string, string]] };
    const [hit] = await searchText(request, signal, 60_000);
    expect(hit).toMatchObject({ count: 1_000_001, lines: { length: 1_000 } });
  });

  it('looks in one file by its name', async () => {
    expect(await grep({ path: 'b/c.css', glob: '*.css' })).toBe('b/c.css:1:.fox {}');
  });

  it('refuses a pattern that is none, and ends one that would never end', async () => {
    await expect(grep({ pattern: '(' })).rejects.toEqual(refusal('input_invalid', /pattern/));
    const request = {
      source: '^(a+)+$',
      flags: 'u',
      files: [['a', `${'a'.repeat(60)}b`] as [string, string]],
    };
    await expect(searchText(request, signal, 300)).rejects.toThrow(FileRefusal);
  });

  it('stops with the turn', async () => {
    const stop = new AbortController();
    const request = {
      source: '^(a+)+$',
      flags: 'u',
      files: [['a', `${'a'.repeat(60)}b`] as [string, string]],
    };
    const search = searchText(request, stop.signal);
    stop.abort(new Error('stopped'));
    await expect(search).rejects.toThrow('stopped');
  });
});
