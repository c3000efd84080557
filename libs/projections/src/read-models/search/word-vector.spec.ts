import { wordVector } from './word-vector.js';

describe('a word vector', () => {
  it.each([
    ['', ''],
    ['b a b', `'a':2 'b':1,3`],
    ['a 東京 b', `'a':1 'b':3`],
    ['ß z é', `'z':2 'ß':1 'é':3`],
    ['ab a', `'a':2 'ab':1`],
  ])('of %j is %s', (folded, vector) => {
    expect(wordVector(folded)).toBe(vector);
  });

  it('stays within what PostgreSQL takes of places and of a word', () => {
    expect(wordVector('a '.repeat(500)).split(',')).toHaveLength(100);
    const far = wordVector(`${'a '.repeat(20_000)}b b`);
    expect(far.endsWith(`'b':16383`)).toBe(true);
    expect(wordVector('x'.repeat(5_000))).toBe(`'${'x'.repeat(200)}':1`);
  });
});
