import { runInNewContext } from 'node:vm';
import { compile, fileType } from './compile.js';

const files = (contents: Record<string, string>) =>
  Object.fromEntries(Object.entries(contents).map(([path, content]) => [path, { content }]));
const page = (contents: Record<string, string>) => compile(files(contents)).compiled;

describe('compile', () => {
  it('puts styles before </head> and scripts before </body>, in name order', () => {
    expect(
      page({
        'b.css': 'B{}',
        'z.js': 'z()',
        'index.html': '<html><head><title>t</title></head><body>x</body></html>',
        'a.css': 'A{}',
        'a.js': 'a()',
      }),
    ).toBe(
      '<html><head><title>t</title><style>A{}\nB{}</style></head><body>x<script>a();\nz()</script></body></html>',
    );
  });
  it('puts them at the front and the end where there is neither', () =>
    expect(page({ 'index.html': '<p>x', 'a.css': 'A{}', 'a.js': 'a()' })).toBe(
      '<style>A{}</style><p>x<script>a()</script>',
    ));
  it('adds nothing where there is nothing', () => expect(page({ 'index.html': '<p>' })).toBe('<p>'));
  it('takes index.html, else the first page by name', () => {
    expect(page({ 'a.html': 'a', 'index.html': 'i' })).toBe('i');
    expect(page({ 'b.html': 'b', 'a.html': 'a', 'README.md': 'r' })).toBe('a');
  });
  it('inserts literally', () => {
    const [style, script] = ["$& $1 $` $'", '"$&$$"'];
    expect(page({ 'index.html': '</head></body>', 'a.css': style, 'a.js': script })).toBe(
      `<style>${style}</style></head><script>${script}</script></body>`,
    );
  });
  it('finds tags in any case, the last </body>, and at their place beside letters that grow in lower case', () => {
    expect(page({ 'index.html': 'İİ<HEAD></HEAD><body>"</body>"</BODY>', 'a.css': 'A', 'a.js': 'a' })).toBe(
      'İİ<HEAD><style>A</style></HEAD><body>"</body>"<script>a</script></BODY>',
    );
  });
  it('goes through a page of nothing but ends once', () => {
    const ends = '</body>'.repeat(75_000).padEnd(2 ** 20);
    const work = (): string => page({ 'index.html': ends, 'a.js': 'a' });
    // Some milliseconds, or half a minute where each end looks for a later one: then it is broken off.
    const compiled = runInNewContext('work()', { work }, { timeout: 10_000 }) as string;
    expect(compiled).toHaveLength(2 ** 20 + '<script>a</script>'.length);
  });
  it('says that there is no page', () => {
    expect(compile(files({ 'a.css': 'A' }))).toEqual({
      compiled: '',
      compileError: expect.stringContaining('no HTML') as unknown,
    });
    expect(compile({}).compiled).toBe('');
  });
});

test.each([
  ['a.css', 'css'],
  ['a/b.JS', 'javascript'],
  ['a.html', 'html'],
  ['a.md', 'html'],
  ['Makefile', 'html'],
  ['a.css/b', 'html'],
  ['.js', 'javascript'],
  ['a.constructor', 'html'],
  ['a.__proto__', 'html'],
])('%s counts as %s', (path, type) => expect(fileType(path)).toBe(type));
