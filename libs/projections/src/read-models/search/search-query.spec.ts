import { searchCondition, canSearchLetters } from './search-conditions.js';
import { letterCode } from './letter-code.js';
import { parseSearch, SearchRefused } from './search-query.js';

/** One line a query: `|` between alternatives, `-` before what must not be, `*` after what may go on, `~` before what is inside. */
function read(text: string): string {
  const query = parseSearch(text).map((group) =>
    group
      .map(({ words, prefix, negated, inside }) => {
        return `${negated ? '-' : ''}${inside ? '~' : ''}${words.join('+')}${prefix ? '*' : ''}`;
      })
      .join(' '),
  );
  return query.join(' | ');
}

const refusal = (text: string) => {
  try {
    return read(text);
  } catch (error) {
    return error instanceof SearchRefused ? error.code : error;
  }
};

describe('a search', () => {
  it.each([
    ['one', 'one*'],
    ['one ', 'one'],
    ['One TWO', 'one two*'],
    ['"one two" three ', 'one+two three'],
    ['"one two', 'one+two'],
    ['one"two"three ', 'one two three'],
    ['one or two ', 'one | two'],
    ['one OR two three ', 'one | two three'],
    ['or one ', 'or one'],
    ['one or', 'one or*'],
    ['one or or two ', 'one | or two'],
    ['one "or" two ', 'one or two'],
    ['one -two ', 'one -two'],
    ['one -two', 'one -two'],
    ['one -"two three"', 'one -two+three'],
    ['one - two ', 'one two'],
    ['well-known ', 'well+known'],
    ['a.b/c_d', 'a+b+c+d*'],
    ['a & & b', 'a b*'],
    ["a:* <-> !b | (c) 'd' \\ ", 'a b c d'],
    ['東京', '~東京*'],
    ['"東京 tower"', '~東京+tower'],
    ['the of and ', 'the of and'],
    ['😀 ', '~😀'],
    ['ünïcode ', 'unicode'],
  ])('%j is %j', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '&',
    ':*',
    '"',
    '""',
    '-',
    '--',
    '-one',
    '-"one two"',
    'one or -two',
    '!!! ???',
    '\ud800',
  ])('%j has nothing to look for', (text) => {
    expect(refusal(text)).toBe('nothing_to_search');
  });

  it('has at most 32 words', () => {
    expect(refusal('a '.repeat(32))).not.toBe('too_many_words');
    expect(refusal('a '.repeat(33))).toBe('too_many_words');
    expect(refusal(`"${'a '.repeat(33)}"`)).toBe('too_many_words');
  });
});

/** The SQL and its values. */
const condition = (text: string, mode: 'words' | 'letters' = 'words') => {
  const values: unknown[] = [];
  const sql = searchCondition(parseSearch(text), mode, (value) => `$${values.push(value)}`);
  return [sql, ...values];
};

describe('its condition', () => {
  it('is one tsquery where all words have edges', () => {
    expect(condition('one "two three" -four or fi')).toEqual([
      'm.words @@ $1::tsquery',
      `(('one') & ('two' <-> 'three') & !('four')) | (('fi':*))`,
    ]);
  });

  it('looks inside of words for what has none', () => {
    expect(condition('one 東 -京 ')).toEqual([
      '((m.words @@ $3::tsquery and m.letters like $1 and m.letters not like $2))',
      `%${letterCode('東')}%`,
      `%${letterCode('京')}%`,
      `('one')`,
    ]);
    expect(condition('one "two three" ', 'letters')).toEqual([
      '((m.letters like $1 and m.letters like $2))',
      '%one%',
      '%two three%',
    ]);
  });

  it.each([
    ['one ', true],
    ['on ', false],
    ['東 ', true],
    ['on one ', true],
    ['one or on ', false],
    ['on -one', false],
  ])('of %j can be looked for inside of words: %s', (text, expected) => {
    expect(canSearchLetters(parseSearch(text))).toBe(expected);
  });
});
