import { foldText, isUnspaced } from './folded-text.js';

describe('a folded text', () => {
  it.each([
    ['Hello, World!', 'hello world'],
    ['  a\n\tb  ', 'a b'],
    ['Crème BRÛLÉE', 'creme brulee'],
    ['cre\u0300me', 'creme'],
    ['İstanbul ẞ ﬁn', 'istanbul ß fin'],
    ['don’t x_y src/index.html <b>', 'don t x y src index html b'],
    ['１２３ ½', '123 12'],
    ['iPhone15用のケース', 'iphone15 用のケース'],
    ['한국어 말', '한국어 말'],
    ['हिन्दी', 'हिन्दी'],
    ['Привет, Ёж', 'привет еж'],
    ['go 🎉 now', 'go 🎉 now'],
    ['👍🏽👍', '👍👍'],
    ['soft\u00adhyphen zero\u200bwidth', 'softhyphen zerowidth'],
    ['& | ! :* \' " \\ %_', ''],
    ['', ''],
  ])('of %j is %j', (original, folded) => {
    expect(foldText(original).text).toBe(folded);
  });

  it('knows where each of its characters comes from', () => {
    const original = 'Ä, ﬁ 🎉x';
    const { text, origins } = foldText(original);
    expect(text).toBe('a fi 🎉 x');
    expect(origins).toHaveLength(text.length);
    const character = (i: number) => String.fromCodePoint(original.codePointAt(origins[i]!)!);
    expect([0, 2, 3, 5, 8].map(character)).toEqual(['Ä', 'ﬁ', 'ﬁ', '🎉', 'x']);
  });

  it('is the same when it is folded again', () => {
    for (const text of ['Crème 東京Tower ﷺ', '👨‍👩‍👧 ½ x²', 'ÅÄÖ ŒÆ'])
      expect(foldText(foldText(text).text).text).toBe(foldText(text).text);
  });

  it('ends after 200 K characters', () => {
    expect(foldText('a '.repeat(300_000)).text.length).toBeLessThanOrEqual(200 * 1024 + 2);
  });
});

it.each([
  ['東京', true],
  ['タワー', true],
  ['ไทย', true],
  ['🎉', true],
  ['tower', false],
  ['12', false],
  ['мир', false],
])('%s has no edges: %s', (word, expected) => {
  expect(isUnspaced(word)).toBe(expected);
});
