import { letterCode } from './letter-code.js';

describe('a letter code', () => {
  it('leaves ASCII alone, and makes four letters of any other character', () => {
    expect(letterCode('abc 12')).toBe('abc 12');
    expect(letterCode('東京')).toMatch(/^([A-Z][a-z0-9]{3}){2}$/);
    expect(letterCode('🎉')).toHaveLength(4);
  });

  it('is another one for every character', () => {
    const codes = new Set<string>();
    for (let code = 0x80; code < 0x110000; code += 1)
      if (code < 0xd800 || code > 0xdfff) codes.add(letterCode(String.fromCodePoint(code)));
    expect(codes.size).toBe(0x110000 - 0x80 - 2_048);
  });

  it('holds that of a part where the text holds the part, and nowhere else', () => {
    const text = 'a東京タワー b';
    for (const part of ['東', '京タ', 'ワー b', 'a東']) expect(letterCode(text)).toContain(letterCode(part));
    for (const part of ['京東', 'ター', 'ワ b']) expect(letterCode(text)).not.toContain(letterCode(part));
  });
});
