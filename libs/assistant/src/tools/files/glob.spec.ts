import { glob } from './glob.js';

it.each<[string, string, boolean]>([
  ['*.css', 'site.css', true],
  ['*.css', 'css/site.css', true],
  ['*.css', 'site.css.map', false],
  ['css/*.css', 'css/site.css', true],
  ['css/*.css', 'css/deep/site.css', false],
  ['css/**/*.css', 'css/deep/er/site.css', true],
  ['css/**/*.css', 'css/site.css', true],
  ['**/site.css', 'site.css', true],
  ['**', 'a/b/c', true],
  ['src/**', 'src/a/b', true],
  ['src/**', 'source/a', false],
  ['./src/*.js', 'src/a.js', true],
  ['img?.png', 'img1.png', true],
  ['img?.png', 'img.png', false],
  ['img[0-9].png', 'img7.png', true],
  ['img[!0-9].png', 'img7.png', false],
  ['img[a].png', 'imga.png', true],
  ['[unclosed', '[unclosed', true],
  ['*.{html,css}', 'a/index.html', true],
  ['*.{html,css}', 'index.js', false],
  ['{a,b{c,d}}.js', 'bd.js', true],
  ['{a}.js', '{a}.js', true],
  ['a.c', 'abc', false],
  ['*', '.hidden', true],
])('%s on %s: %s', (pattern, path, matches) => {
  expect(glob(pattern)(path)).toBe(matches);
});

it('is not slow where a backtracking matcher is', () => {
  const path = `${'a'.repeat(120)}/${'a'.repeat(120)}`;
  expect(glob(`${'*a'.repeat(100)}b`)(path)).toBe(false);
  expect(glob(`${'**/'.repeat(60)}b`)(`${'a/'.repeat(100)}c`)).toBe(false);
});

it('refuses a pattern that costs too much, whatever it is made of', () => {
  const paths = Array.from({ length: 500 }, (_, index) => `${'a'.repeat(240)}${index}`);
  const members = `*[${'b'.repeat(100)}a][${'b'.repeat(90)}]`;
  for (const worst of [`*${'a'.repeat(110)}b`, members]) {
    const matches = glob(`${'{a,a}'.repeat(6)}${worst}`);
    expect(() => paths.filter(matches)).toThrow(RangeError);
  }
  expect(paths.filter(glob('a/**/{*.css,*.js,a*0,a*{1,2}?}'))).toHaveLength(0);
  expect(paths.filter(glob('**/{*.css,*.js,a*0}'))).toHaveLength(50);
});

it('refuses braces that stand for too many patterns', () => {
  expect(() => glob('{a,b}'.repeat(7))).toThrow(RangeError);
  expect(glob('{a,b}'.repeat(6))('ababab')).toBe(true);
});
