import { parseSearch } from './search-query.js';
import { Snippets } from './snippet.js';

/** The snippet as one text, with what was found in brackets. */
const of = (text: string, q: string, mode: 'words' | 'letters' = 'words') =>
  new Snippets(parseSearch(q), mode)
    .of(text)
    .map((segment) => (segment.hit ? `[${segment.text}]` : segment.text))
    .join('');

describe('a snippet', () => {
  it.each([
    ['One two one', 'one ', '[One] two [one]'],
    ['ones one', 'one ', 'ones [one]'],
    ['ones one', 'on', '[on]es [on]e'],
    ['one two three', '"one two" ', '[one two] three'],
    ['one, two', '"one two" ', '[one, two]'],
    ['two one', '"one two" ', 'two one'],
    ['a Café here', 'cafe ', 'a [Café] here'],
    ['a Cafe\u0301 here', 'cafe ', 'a [Cafe\u0301] here'],
    ['私は東京へ', '東京', '私は[東京]へ'],
    ['one two', 'one -two', '[one] two'],
    ['one two', 'one or two ', '[one] [two]'],
    ['<b>one</b>', 'one ', '<b>[one]</b>'],
    ['a\n\n  b one', 'one ', 'a b [one]'],
    ['', 'one ', ''],
  ])('of %j for %j is %j', (text, q, expected) => {
    expect(of(text, q)).toBe(expected);
  });

  it('marks the insides of words where they were looked for', () => {
    expect(of('rosebush', 'sebu ', 'letters')).toBe('ro[sebu]sh');
  });

  it('is a piece around the first place, and says that it is one', () => {
    const text = `${'before '.repeat(100)}needle ${'after '.repeat(100)}`;
    const shown = of(text, 'needle ');
    expect(shown).toMatch(/^…before .*\[needle\] after .*after…$/);
    expect(shown.length).toBeLessThan(260);
  });

  it('finds a place far behind, and shows the beginning where that costs too much', () => {
    const far = `${'x '.repeat(50_000)}needle`;
    expect(of(far, 'needle ')).toMatch(/\[needle\]$/);
    const snippets = new Snippets(parseSearch('needle '), 'words');
    const all = Array.from({ length: 20 }, () => snippets.of(far));
    expect(all.filter((segments) => segments.some(({ hit }) => hit)).length).toBeLessThan(12);
    expect(all.at(-1)?.[0]?.text).toMatch(/^x x/);
  });

  it('never cuts a character', () => {
    for (let shift = 0; shift < 4; shift += 1) {
      const text = `${'a'.repeat(shift)}${'😀'.repeat(200)}needle${'😀'.repeat(300)}`;
      for (const segment of new Snippets(parseSearch('needle '), 'words').of(text))
        expect(segment.text).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('holds a hit that is longer than itself', () => {
    expect(of('x'.repeat(5_000), 'x').length).toBeLessThan(300);
    expect(of('東'.repeat(3_000), '東').length).toBeLessThan(500);
  });
});
