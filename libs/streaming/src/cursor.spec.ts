import { resumeCursor } from './cursor.js';
import { CursorInvalid } from './errors.js';

test('no cursor is the beginning', () => {
  expect(resumeCursor({})).toBe(0);
  expect(resumeCursor({ lastEventId: '' })).toBe(0);
});

test('Last-Event-ID wins', () => {
  expect(resumeCursor({ after: '3', lastEventId: '8' })).toBe(8);
  expect(resumeCursor({ after: '3' })).toBe(3);
  expect(resumeCursor({ after: '9007199254740991' })).toBe(Number.MAX_SAFE_INTEGER);
});

test.each(['-1', '0.5', '1e3', '9007199254740992', '99999999999999999999', 'x', ' 1', '+1', '0x10', 'NaN'])(
  '%j is refused in both places',
  (bad) => {
    expect(() => resumeCursor({ after: bad })).toThrow(CursorInvalid);
    expect(() => resumeCursor({ after: '1', lastEventId: bad })).toThrow('Last-Event-ID');
  },
);

test('a bad `after` is refused even where the header would win, and so is a repeated one', () => {
  expect(() => resumeCursor({ after: '', lastEventId: '1' })).toThrow(CursorInvalid);
  expect(() => resumeCursor({ after: ['1', '2'] })).toThrow('after');
});
