import { SEARCH_TEXT_BYTES, searchText } from './search-text.js';

const of = (content: string, role: 'assistant' | 'tool' = 'assistant') => searchText({ role, content });

describe('the text that a message is found by', () => {
  it('is what people read', () => {
    expect(of('One\n"two"')).toBe('One\n"two"');
    expect(of('cafe\u0301')).toBe('café');
  });

  it('has nothing in it that PostgreSQL does not take', () => {
    expect(of('a\u0000b\ud83dc\udc00 😀')).toBe('a\ufffdb\ufffdc\ufffd 😀');
  });

  it('of a tool call has words where its JSON has line breaks and quotes', () => {
    expect(of('{"a":"x\\ny\\"z\\u00e9\\\\n"}', 'tool')).toBe('{"a":"x y z  n"}');
    expect(of('x\\ny')).toBe('x\\ny');
  });

  it('ends after 200 KB, between two characters', () => {
    for (const character of ['a', 'é', '東', '😀']) {
      const text = of(`.${character.repeat(300_000)}`);
      const bytes = Buffer.byteLength(text);
      expect(bytes).toBeLessThanOrEqual(SEARCH_TEXT_BYTES);
      expect(bytes).toBeGreaterThan(SEARCH_TEXT_BYTES - 4);
      expect(text.replaceAll(character, '')).toBe('.');
    }
  });

  it('of the text is the text', () => {
    for (const content of ['a\\n\\\\n"\\', 'é\u0000', 'x'.repeat(300_000)])
      expect(of(of(content, 'tool'), 'tool')).toBe(of(content, 'tool'));
  });
});
