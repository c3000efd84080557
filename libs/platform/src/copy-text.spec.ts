import { copyLine } from './copy-text.js';

describe('a line of COPY text', () => {
  it('keeps what would end a value or a line, and tells null from an empty text', () => {
    expect(copyLine(['a\tb', 'c\nd\r', '\\N', '', null, undefined])).toBe(
      'a\\tb\tc\\nd\\r\t\\\\N\t\t\\N\t\\N\n',
    );
  });

  it('writes numbers and truth as PostgreSQL reads them', () => {
    expect(copyLine([9_007_199_254_740_991, true, false, 0])).toBe('9007199254740991\ttrue\tfalse\t0\n');
  });
});
